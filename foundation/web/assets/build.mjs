// Builds what browsers load: styles for Chrome 80 and later, scripts, the fonts' subset, the sprite of the icons in use.
// Run by ./run and ./test after `npm ci`; the Rust build lays ./dist into the program. Start at `main` below.
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { bundle, browserslistToTargets } from 'lightningcss';
import subsetFont from 'subset-font';
import { tokens } from './src/tokens.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const house = join(here, '../../..');
// Made aside and put in place whole: a build that fails leaves the last good one.
const place = join(here, 'dist');
const dist = join(here, `node_modules/.dist-${process.pid}`);
const built = [];

function keep(name, bytes, type) {
  const data = Buffer.from(bytes);
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 12);
  const dot = name.lastIndexOf('.');
  const file = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  const path = join(dist, file);
  writeFileSync(path, data);
  if (type !== 'font/woff2') {
    const br = brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } });
    writeFileSync(`${path}.br`, br);
    writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
  }
  built.push({ name, file, type, raw: data.length, br: type === 'font/woff2' ? data.length : statSync(`${path}.br`).size });
  return `/a/${file}`;
}

// Letters: what Vietnamese and English texts use. Everything else falls back to the system's font.
const letters = (() => {
  const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
  const latin = '\u00a0°·×«»–—‘’“”…•›‹→←↑↓₫€©§²³½';
  const base = 'aăâeêioôơuưy';
  const tones = ['', '\u0300', '\u0301', '\u0309', '\u0303', '\u0323'];
  const vi = [...base].flatMap((v) => tones.map((t) => (v + t).normalize('NFC'))).join('') + 'đ';
  return { latin: ascii + latin, vi: [...new Set([...vi, ...vi.toUpperCase()])].filter((c) => c.codePointAt(0) > 126).join('') };
})();

// What each font file holds: of Vietnamese letters only those that the latin one lacks. à, é, ô and the like are in latin.
const ranges = {
  latin: 'U+20-7E,U+A0-FF,U+2010-203A,U+20AB-20AC,U+2190-2193',
  vietnamese: 'U+102-103,U+110-111,U+128-129,U+168-169,U+1A0-1A1,U+1AF-1B0,U+300-301,U+303,U+309,U+323,U+1EA0-1EF9,U+20AB',
};

// Until a file has come its letters stand in the device's own font, drawn as wide and as high as they will be: lines then break where they
// broke, also while one file of the two is there. Widths are those of our own pages' words; heights are Be Vietnam Pro's, 1 and .265.
const fallbacks = [
  { weight: 400, locals: ['Arial', 'ArialMT', 'Liberation Sans'], latin: 107.2, vietnamese: 104.1 },
  { weight: 600, locals: ['Arial Bold', 'Arial-BoldMT', 'Liberation Sans Bold'], latin: 102.8, vietnamese: 104.4 },
];

function fallback() {
  return fallbacks.flatMap(({ weight, locals, ...wide }) => Object.entries(wide).map(([part, wide]) => {
    const from = locals.map((name) => `local("${name}")`).join(',');
    const high = (em) => `${(100 * em / (wide / 100)).toFixed(1)}%`;
    // The latin face stands for every other letter as well.
    const range = part === 'latin' ? '' : `;unicode-range:${ranges[part]}`;
    return `@font-face{font-family:"Songhan Fallback";src:${from};font-weight:${weight};size-adjust:${wide}%;ascent-override:${high(1)};descent-override:${high(0.265)};line-gap-override:0%${range}}`;
  }));
}

async function fonts() {
  const faces = [];
  for (const weight of [400, 600]) {
    for (const [part, chars] of [['latin', letters.latin], ['vietnamese', letters.vi]]) {
      const source = readFileSync(join(here, `node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-${part}-${weight}-normal.woff2`));
      const wanted = part === 'latin' ? chars + letters.vi : chars;
      const bytes = await subsetFont(source, wanted, { targetFormat: 'woff2', noHinting: true });
      const short = part === 'latin' ? 'latin' : 'vi';
      const path = keep(`bvp-${weight}-${short}.woff2`, bytes, 'font/woff2');
      faces.push(`@font-face{font-family:"Be Vietnam Pro";src:url(${path}) format("woff2");font-weight:${weight};font-display:swap;unicode-range:${ranges[part]}}`);
    }
  }
  return [...faces, ...fallback()].join('\n');
}

// Icons: every name that stands in our Rust code as icon("…") or .icon("…") or icon: "…", in a pack, or in src/icons.txt.
function files(folder, ending, out = []) {
  if (!existsSync(folder)) return out;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (['target', 'node_modules', 'dist', '.git'].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files(path, ending, out);
    else if (entry.name.endsWith(ending)) out.push(path);
  }
  return out;
}

function icons() {
  const wanted = new Map();
  const want = (name, where) => wanted.has(name) || wanted.set(name, where);
  for (const name of readFileSync(join(here, 'src/icons.txt'), 'utf8').replace(/^#.*/gm, '').split(/\s+/).filter(Boolean)) want(name, 'src/icons.txt');
  const rust = ['foundation', 'capabilities', 'server'].flatMap((room) => files(join(house, room), '.rs'));
  for (const path of rust) {
    const code = readFileSync(path, 'utf8');
    for (const found of code.matchAll(/\bicon(?:\(|:\s*)\s*"([a-z0-9-]+)"/g)) want(found[1], relative(house, path));
  }
  for (const path of files(join(house, 'packs'), '.toml')) {
    for (const found of readFileSync(path, 'utf8').matchAll(/^\s*icon\s*=\s*"([^"]+)"/gm)) want(found[1], relative(house, path));
  }
  const source = join(here, 'node_modules/lucide-static/icons');
  const missing = [...wanted].filter(([name]) => !existsSync(join(source, `${name}.svg`)));
  if (missing.length) {
    for (const [name, where] of missing) console.error(`${where}: Lucide has no icon "${name}"`);
    process.exit(1);
  }
  const names = [...wanted.keys()].sort();
  const symbols = names.map((name) => {
    const inner = readFileSync(join(source, `${name}.svg`), 'utf8').replace(/<!--.*?-->/gs, '').replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace(/<\/svg>\s*$/, '').replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>').trim();
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  keep('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`, 'image/svg+xml');
  writeFileSync(join(dist, 'icons.txt'), names.join('\n') + '\n');
}

// Light is said first and plainly; dark twice, for the device's wish and for the visitor's.
function tokenCss() {
  const block = (n) => Object.entries(tokens).map(([name, pair]) => `--${name}:${pair[n]}`).join(';');
  return `:root{color-scheme:light;${block(0)}}\n@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${block(1)}}}\n[data-theme=dark]{color-scheme:dark;${block(1)}}\n`;
}

function styles(fontCss, urls) {
  const targets = browserslistToTargets(['chrome 80', 'safari 14', 'firefox 78']);
  for (const name of ['songhan', 'form', 'data', 'desk', 'home', 'house']) {
    const path = join(here, `src/css/${name}.css`);
    const { code } = bundle({ filename: path, minify: true, targets });
    let css = code.toString();
    if (name === 'songhan') css = fontCss + tokenCss() + css;
    css = css.replace(/url\("?asset:([a-z-]+\.svg)"?\)/g, (_, file) => `url(${urls[file]})`);
    for (const banned of ['@layer', '@container', ':has(', 'light-dark(']) {
      if (css.includes(banned)) throw new Error(`${name}.css: ${banned} does not reach Chrome 80`);
    }
    keep(`${name}.css`, css, 'text/css; charset=utf-8');
  }
}

function scripts() {
  const entries = readdirSync(join(here, 'src/js')).filter((name) => name.endsWith('.js') && !name.startsWith('_'));
  for (const name of entries) {
    const out = esbuild.buildSync({ entryPoints: [join(here, 'src/js', name)], bundle: true, minify: true, format: 'esm', target: ['chrome80'], write: false, legalComments: 'none' });
    keep(name, out.outputFiles[0].contents, 'text/javascript; charset=utf-8');
  }
}

function pictures() {
  const urls = {};
  for (const name of readdirSync(join(here, 'src/svg'))) urls[name] = keep(name, readFileSync(join(here, 'src/svg', name), 'utf8').trim(), 'image/svg+xml');
  return urls;
}

// Contrast of WCAG 2.2: text 4.5, borders of controls and shapes that say something 3. What cannot be read is not built.
function contrast() {
  const light = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const text = [['ink', 'ground surface sunk song-wash den-wash do-wash la-wash'], ['muted', 'ground surface sunk song-wash'], ['song', 'ground surface song-wash'], ['song-deep', 'song-wash'], ['on-song', 'song song-deep'], ['den', 'den-wash surface ground'], ['do', 'do-wash surface ground'], ['la', 'la-wash surface'], ['muted', 'land'], ['ink', 'land']];
  const shape = [['edge', 'ground surface'], ['den-dot', 'surface land'], ['do', 'land'], ['song', 'land'], ['la', 'land'], ['focus', 'ground surface']];
  const wrong = [];
  for (const [pairs, least] of [[text, 4.5], [shape, 3]]) for (const [a, all] of pairs) for (const b of all.split(' ')) [0, 1].forEach((n) => {
    const r = ratio(tokens[a][n], tokens[b][n]);
    if (r < least) wrong.push(`tokens.mjs: ${a} on ${b} (${['light', 'dark'][n]}) has ${r.toFixed(2)}, needs ${least}`);
  });
  if (wrong.length) { wrong.forEach((w) => console.error(w)); process.exit(1); }
}

async function main() {
  contrast();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const urls = pictures();
  const fontCss = await fonts();
  icons();
  styles(fontCss, urls);
  scripts();
  built.sort((a, b) => a.name.localeCompare(b.name));
  writeFileSync(join(dist, 'list.txt'), built.map((b) => `${b.name} ${b.file} ${b.type.split(';')[0]}`).join('\n') + '\n');
  for (let tries = 0; ; tries += 1) {
    // Another build may have put its own in place between the two steps.
    rmSync(place, { recursive: true, force: true });
    try { renameSync(dist, place); break; } catch (e) { if (tries > 5) throw e; }
  }
  for (const b of built) console.log(`${b.name.padEnd(22)} ${String(b.raw).padStart(7)} ${String(b.br).padStart(6)}`);
}

await main();
