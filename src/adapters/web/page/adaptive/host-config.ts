/** Colours of a host config, light and dark, near those of Teams. */
interface Palette {
  text: string;
  subtle: string;
  accent: string;
  good: string;
  warning: string;
  attention: string;
  emphasis: string;
}

const LIGHT: Palette = {
  text: '#242424',
  subtle: '#616161',
  accent: '#4f52b2',
  good: '#0e700e',
  warning: '#8a5000',
  attention: '#b10e1c',
  emphasis: '#f5f5f5',
};

const DARK: Palette = {
  text: '#f2f2f2',
  subtle: '#adadad',
  accent: '#a9acff',
  good: '#7fd17f',
  warning: '#f4bf6f',
  attention: '#ff9aa2',
  emphasis: '#2b2d31',
};

const SANS = "'Segoe UI', system-ui, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";

/** Host config that makes Microsoft's library draw about as Teams does (sizes from Teams' published host config). */
export function teamsHostConfig(dark: boolean): object {
  const colours = dark ? DARK : LIGHT;
  const pair = (colour: string): object => ({ default: colour, subtle: colour });
  const foregroundColors = {
    default: { default: colours.text, subtle: colours.subtle },
    dark: pair(colours.text),
    light: pair(colours.subtle),
    accent: pair(colours.accent),
    good: pair(colours.good),
    warning: pair(colours.warning),
    attention: pair(colours.attention),
  };
  const container = (backgroundColor: string): object => ({ backgroundColor, foregroundColors });
  return {
    fontFamily: SANS,
    fontTypes: {
      default: { fontFamily: SANS },
      monospace: { fontFamily: "ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace" },
    },
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
    supportsInteractivity: true,
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 14 },
    separator: { lineThickness: 1, lineColor: dark ? '#41444a' : '#e0e0e0' },
    containerStyles: {
      default: container('rgba(0,0,0,0)'),
      emphasis: container(colours.emphasis),
      accent: container(colours.emphasis),
      good: container(colours.emphasis),
      warning: container(colours.emphasis),
      attention: container(colours.emphasis),
    },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 8, style: 'emphasis' },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    factSet: { title: { weight: 'bolder', wrap: true, maxWidth: 180 }, value: { wrap: true }, spacing: 12 },
  };
}
