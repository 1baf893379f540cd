import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const tokens = readFileSync(new URL('../ui/tokens.css', import.meta.url), 'utf8');
const heat = readFileSync(new URL('./PatternTab.module.css', import.meta.url), 'utf8');

const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
/** Red, green and blue as a screen has them, 0 to 1. */
type Colour = readonly number[];

/** LOOK: what the figures of a page have against what they stand on. */
const LEGIBLE = 7;

describe.each(THEMES)('the heat map of a week, %s', (theme) => {
  const surface = token('surface', theme);
  const depth = (level: Level, share: number): number => contrast(ground(level, share, theme), surface);

  test('what is critical stands out more than any warning, and that more than what is good', () => {
    expect(depth('good', 0)).toBeGreaterThan(1.05);
    expect(depth('warning', 0)).toBeGreaterThan(depth('good', 0));
    expect(depth('warning', 1)).toBeGreaterThan(depth('warning', 0));
    expect(depth('critical', 0)).toBeGreaterThan(depth('warning', 1));
    expect(depth('critical', 1)).toBeGreaterThan(depth('critical', 0));
  });

  test.each<Level>(['none', 'good', 'warning', 'critical'])('figures are read on each cell: %s', (level) => {
    const ink = token('ink-1', theme);
    for (const share of [0, 0.5, 1])
      expect(contrast(ink, ground(level, share, theme)), `${share}`).toBeGreaterThanOrEqual(LEGIBLE);
  });
});

type Level = 'none' | 'good' | 'warning' | 'critical';

/** A cell's tint on the surface, as the style sheet has it; `share`: how deep, from 0 to 1. */
function ground(level: Level, share: number, theme: Theme): Colour {
  const selector = level === 'none' ? '.heat tbody td' : `.heat tbody td[data-level="${level}"]`;
  const rule = heat.slice(heat.indexOf(`${selector} {`));
  const [, name, from, by] =
    /background: color-mix\(in oklch, var\(--([\w-]+)\) (?:calc\()?(\d+)%(?: \+ var\([^)]*\) \* (\d+)%\))?, transparent\);/.exec(
      rule.slice(0, rule.indexOf('}')),
    ) ?? [];
  if (name === undefined) throw new Error(`There is no tint of ${selector}.`);
  const alpha = (Number(from) + share * Number(by ?? 0)) / 100;
  const below = token('surface', theme);
  return token(name, theme).map((value, place) => value * alpha + (below[place] ?? 0) * (1 - alpha));
}

function token(name: string, theme: Theme): Colour {
  const colours = new RegExp(`--${name}: ([^;]+);`).exec(tokens)?.[1]?.match(/oklch\([^)]*\)/g) ?? [];
  const colour = colours[theme === 'light' ? 0 : colours.length - 1];
  if (colour === undefined) throw new Error(`There is no colour --${name}.`);
  return fromOklch(colour);
}

/** CSS Color 4, 9.3 and 18: by way of OKLab and linear sRGB. */
function fromOklch(colour: string): Colour {
  const [lightness = 0, chroma = 0, hue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => {
    const linear = Math.min(1, Math.max(0, value));
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  });
}

/** WCAG 2, 1.4.6: from 1 (none) to 21. */
function contrast(one: Colour, other: Colour): number {
  const [more = 0, less = 0] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (more + 0.05) / (less + 0.05);
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
