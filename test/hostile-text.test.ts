// H7, H8, H9: bombs of YAML and JSON are refused in a tenth of a second of processor time, and a megabyte of text that is
// made to be slow is read or refused in a fifth of a second.
import { parseJson, parsePurl, toMarkdownText, toPrintable, trimEndOf } from '@slipway/core';
import { parseConfig } from '@slipway/core/config';
import { parseControl } from '@slipway/deb';

const MEGABYTE = 1_000_000;
const fill = (pump: string): string => pump.repeat(MEGABYTE / pump.length);
const nested = (open: string, close: string, depth: number): string =>
	open.repeat(depth) + close.repeat(depth);

const aliases = Array.from(
	{ length: 30 },
	(_, index) => `a${index}: &a${index} [${`*a${Math.max(0, index - 1)},`.repeat(9)}]`,
).join('\n');

const BOMBS: readonly (readonly [name: string, read: (text: string) => unknown, text: string])[] = [
	['YAML, aliases of aliases', parseConfig, aliases],
	['YAML, merge keys', parseConfig, 'a: &a {b: 1}\nc:\n  <<: *a\n'],
	['YAML, lists in lists', parseConfig, nested('[', ']', 50_000)],
	['YAML, maps in maps', parseConfig, nested('{a: ', '}', 50_000)],
	['YAML, blocks in blocks', parseConfig, nested('- ', '', 50_000)],
	['YAML, one key twice', parseConfig, 'a: 1\n'.repeat(5000)],
	['YAML, keys that are no text', parseConfig, '? [a, b]\n: c\n? {d: e}\n: f\n'],
	['JSON, lists in lists', (text) => parseJson(text, 'it'), nested('[', ']', 100_000)],
	['JSON, objects in objects', (text) => parseJson(text, 'it'), nested('{"a":', '}', 100_000)],
	['JSON, a prototype', (text) => parseJson(text, 'it'), '{"__proto__":{"a":1}}'],
	['JSON, one key twice', (text) => parseJson(text, 'it'), `{${'"a":1,'.repeat(5000)}"a":2}`],
];

const spend = (task: () => unknown): { readonly thrown: unknown; readonly ms: number } => {
	const before = process.threadCpuUsage();
	let thrown: unknown;
	try {
		task();
	} catch (cause) {
		thrown = cause;
	}
	const { user, system } = process.threadCpuUsage(before);
	return { thrown, ms: (user + system) / 1000 };
};

/** The quickest of four runs: the first one compiles, and one may pay for what others left or took from the processor's caches. */
const spendAgain = (task: () => unknown): ReturnType<typeof spend> => {
	spend(task);
	return [spend(task), spend(task), spend(task)].reduce((best, run) => (run.ms < best.ms ? run : best));
};

test.each(BOMBS)('%s: refused at once', (_name, read, text) => {
	const { thrown, ms } = spendAgain(() => read(text));
	expect(thrown).toMatchObject({ name: 'SlipwayError', code: expect.stringMatching(/^(?:CONFIG|JSON)_/) });
	expect(ms).toBeLessThan(100);
});

const READERS: readonly (readonly [name: string, read: (text: string) => unknown])[] = [
	['YAML', parseConfig],
	['JSON', (text) => parseJson(text, 'it')],
	['purl', parsePurl],
	['deb822', (text) => parseControl(Buffer.from(text))],
	['text that is printed', (text) => toPrintable(text, 200)],
	['text in Markdown', toMarkdownText],
	['text without an end', (text) => trimEndOf(text, '/')],
];

const PUMPS = ['a', ' ', '\n', '/', '-', '.', '1.', '%', '\\', '"', 'a: ', '[', '@', '\u202e', '&a '];

test.each(READERS)('%s: a megabyte of anything takes no time', (_name, read) => {
	for (const pump of PUMPS)
		for (const text of [fill(pump), `${fill(pump)}!`]) {
			const { ms } = spendAgain(() => read(text));
			expect([pump, ms < 200, ms]).toEqual([pump, true, ms]);
		}
});
