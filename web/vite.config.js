// vite.config.js - one HTML file, dist/page.html: scripts and styles inlined, no request to anywhere.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** What the page is made of, the same list as in scripts/web. */
function sources() {
  const src = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return ['index.html', 'package.json', 'package-lock.json', 'vite.config.js', 'tsconfig.json', ...src]
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** SHA-256 over the lines 'SHA-256 of a file, two blanks, its path': what sha256sum prints of them in order. */
function digest() {
  return sha256(sources().map((path) => `${sha256(readFileSync(join(root, path)))}  ${path}\n`).join(''));
}

/** Moves the one script and the one style sheet into the page. */
function singleFile() {
  return {
    name: 'kedge-single-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName === 'index.html');
      let html = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace('<!doctype html>', `<!doctype html>\n<!-- kedge page; sources sha256:${digest()} -->`);
      for (const file of files) {
        if (file === page) continue;
        if (file.type === 'chunk') {
          const code = file.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--').trimEnd();
          html = html.replace('</body>', () => `<script type="module">${code}</script>\n</body>`);
        } else {
          html = html.replace('</head>', () => `<style>${String(file.source).trimEnd()}</style>\n</head>`);
        }
        delete bundle[file.fileName];
      }
      page.fileName = 'page.html';
      page.source = html;
    },
  };
}

export default defineConfig({
  root,
  base: './',
  plugins: [singleFile()],
  build: {
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    reportCompressedSize: false,
  },
});
