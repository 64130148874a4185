// Documents that point to files, decision records that are listed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

test.each(documents.map((path) => path.slice(ROOT.length + 1)))('%s links to what exists', (path) => {
	const targets = toLocalTargets(readFileSync(join(ROOT, path), 'utf8'));
	expect(targets.filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
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
