import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import express, { type Router } from 'express';
import { UserError } from '../../errors.ts';
import { packageRoot } from '../../package-info.ts';

/** Where the compiled scripts of the page lie unless a test compiles them elsewhere. */
export function builtPageDir(): string {
  return path.join(packageRoot, 'dist', 'page');
}

/** @throws UserError when the page was not compiled. */
export function requirePage(scriptDir: string): void {
  if (existsSync(path.join(scriptDir, 'main.js'))) return;
  throw new UserError('The page of the browser channel is not built. Run: npm run build');
}

/**
 * The page and what it loads: `/`, `/page/*.js` (compiled), `/page/styles/*.css` and the Adaptive Cards library.
 * express.static resolves inside its folder only; nothing else of the disk can be named.
 */
export function pageAssets(options: { scriptDir: string; token: string }): Router {
  const sourceDir = path.join(packageRoot, 'src', 'adapters', 'web', 'page');
  const html = readFileSync(path.join(sourceDir, 'index.html'), 'utf8').replace('{{token}}', options.token);
  const library = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js');
  const fixed = { index: false, redirect: false, dotfiles: 'deny', fallthrough: false, cacheControl: false } as const;

  const router = express.Router();
  router.get('/', (_request, response) => void response.type('html').send(html));
  router.get('/page/icon.svg', (_request, response) => response.sendFile(path.join(sourceDir, 'icon.svg')));
  router.get('/page/adaptivecards.js', (_request, response) => response.sendFile(library));
  router.use('/page/styles', express.static(path.join(sourceDir, 'styles'), { ...fixed, extensions: ['css'] }));
  router.use('/page', express.static(options.scriptDir, { ...fixed, extensions: ['js'] }));
  return router;
}
