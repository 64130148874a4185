// Documents that point to what exists and show configuration that is read, decision records that are listed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseConfig } from '@slipway/core/config';
import { parsePolicy } from '@slipway/core/policy';
import { parse } from 'yaml';
import { ROOT } from './source-tree.ts';

const listDocuments = (folder: string): string[] =>
	readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter(
			(entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.parentPath.includes('node_modules'),
		)
		.map((entry) => join(entry.parentPath, entry.name));

const documents = [
	...readdirSync(ROOT)
		.filter((name) => name.endsWith('.md'))
		.map((name) => join(ROOT, name)),
	...['docs', 'actions', 'examples'].flatMap(listDocuments),
];

/** Targets of links and pictures that are no addresses and no anchors. */
const toLocalTargets = (text: string): string[] =>
	[...text.replaceAll(/```.*?```/gs, '').matchAll(/\]\(([^)#\s]+)/g)]
		.map(([, target = '']) => target)
		.filter((target) => !/^[a-z]+:/.test(target));

const names = documents.map((path) => path.slice(ROOT.length + 1));
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

test.each(names)('%s links to what exists', (path) => {
	const targets = toLocalTargets(read(path));
	expect(targets.filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
});

/** Headings as GitHub makes anchors of them. */
const toAnchors = (text: string): Set<string> =>
	new Set(
		[...text.replaceAll(/```.*?```/gs, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
			heading
				.toLowerCase()
				.replaceAll(/[^\p{L}\p{N} _-]/gu, '')
				.replaceAll(' ', '-'),
		),
	);

test.each(names)('%s links to headings that exist', (path) => {
	const links = [...read(path).matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)];
	const missing = links.filter(([, file = '', anchor = '']) => {
		const target = file === '' ? path : join(dirname(path), file);
		return target.endsWith('.md') && !toAnchors(read(target)).has(anchor);
	});
	expect(missing.map(([link]) => link)).toEqual([]);
});

/** Blocks of YAML, also within lists. */
const listBlocks = (path: string): { readonly path: string; readonly text: string }[] =>
	[...read(path).matchAll(/^( *)```yaml\n(.*?)```/gms)].map(([, indent = '', text = '']) => ({
		path,
		text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
	}));

/** Keys that only one of the two files has. */
const blocks = names.flatMap(listBlocks).map((block) => ({ ...block, keys: Object.keys(parse(block.text)) }));
const shown = (...keys: string[]) => blocks.filter((block) => keys.some((key) => block.keys.includes(key)));

test.each(shown('targets', 'sign', 'build', 'deb', 'npm'))(
	'$path shows a slipway.yml that is read',
	({ text }) => {
		expect(() => parseConfig(text)).not.toThrow();
	},
);

test.each(shown('policy'))('$path shows a slipway.policy.yml that is read', ({ text }) => {
	expect(() => parsePolicy(Buffer.from(text))).not.toThrow();
});

test('they show some', () => {
	expect(shown('targets').length).toBeGreaterThan(4);
	expect(shown('policy').length).toBeGreaterThan(1);
});

test('every decision record is listed, once, under its own title', () => {
	const records = readdirSync(join(ROOT, 'docs/adr')).filter((name) => /^(?!0000)\d{4}-.*\.md$/.test(name));
	const index = readFileSync(join(ROOT, 'docs/adr/README.md'), 'utf8');
	const expected = records.map((name) => {
		const title = /^# \d+\. (.*)$/m.exec(readFileSync(join(ROOT, 'docs/adr', name), 'utf8'))?.[1];
		return `- [${name.slice(0, 4)} ${title}](${name})`;
	});
	expect(index.split('\n').filter((line) => line.startsWith('- '))).toEqual(expected);
});
