import type { RequestHandler } from 'express';

/** Path of the page that the manifest's three addresses (website, privacy, terms) point at. */
export const ABOUT_PATH = '/about';

/** Serves the page; it is our own text and loads nothing. */
export const aboutPage: RequestHandler = (_request, response) => {
  response.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  response.type('html').send(PAGE);
};

// What is said here of keeping and masking is what app.ts, the store and the cards do: change them together.
const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>About mailmedic</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}</style></head><body>
<h1>mailmedic</h1>
<p>A bot for mail-flow incidents, run by your own organisation. It says what broke, whose it is and what to do now. For
help with it ask whoever runs it, or type <code>help</code> to it.</p>
<h2 id="privacy">Privacy</h2>
<ul>
<li>It reads what is sent to it: its mentions, messages in its personal chat, private messages to it, presses of its
buttons, and files handed to it in the personal chat. It does not read other messages.</li>
<li>Of each command it keeps, on the server it runs on, the words, who asked, where and when, and for 24 hours the answer,
so that its parts can be opened.</li>
<li>Files are read once, for the answer, and are not kept. A file that it offers is kept in memory for at most an
hour.</li>
<li>In shared conversations the local part of mail addresses is masked; in private ones they are whole.</li>
<li>A probe or look-up asks the mail and DNS servers concerned; nothing else leaves the server.</li>
</ul>
<h2 id="terms">Terms of use</h2>
<p>Probe mail paths that you are responsible for or have been asked to look at. What is asked, by whom, is recorded. The
answers are given to the best of its knowledge and without warranty.</p>
</body></html>
`;
