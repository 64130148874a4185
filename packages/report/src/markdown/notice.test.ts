import { toNoticeMarkdown } from './notice.ts';
import type { Notice } from './notice-facts.ts';
import { toWatchMarkdown } from './watch.ts';

const toNotice = (text: string, run: string | null = null): Notice => ({
	project: text,
	version: text,
	operation: text,
	failed: true,
	ended: false,
	state: text,
	cause: text,
	jobs: [{ id: text, result: 'failure' }],
	subjects: [
		{
			target: text,
			subject: text,
			version: text,
			state: text,
			pointer: { name: text, previous: text, next: text, current: text },
			problem: text,
		},
	],
	way: { dispatch: { workflow: text, operation: text, tag: text }, command: text, again: true },
	run,
});

const HOSTILE = '<img src=x>\n| a ![b](https://evil.example) @ada ::error:: `c` **d** \u202E';

test('text of others is inert in a notice (H3, H14)', () => {
	const plain = toNoticeMarkdown(toNotice('x')).split('\n');
	const lines = toNoticeMarkdown(toNotice(HOSTILE)).split('\n');
	expect(lines).toHaveLength(plain.length);
	const count = (line: string, sign: string) => line.split(sign).length;
	for (const [index, line] of lines.entries())
		for (const sign of ['|', '<', '`', '*', '[', '@', '![', '://'])
			expect([line, count(line, sign)]).toEqual([line, count(plain[index] ?? '', sign)]);
	expect(lines.join('\n')).not.toMatch(/\u202E/);
});

test.each([
	['https://github.com/acme/greet/actions/runs/1', '[The run](https://github.com/acme/greet/actions/runs/1)'],
	[
		'http://localhost:3000/acme/greet/actions/runs/1',
		'[The run](http://localhost:3000/acme/greet/actions/runs/1)',
	],
	['javascript:alert(1)', '<code>javascript&#58;alert&#40;1&#41;</code>'],
	['https://x/)](javascript:1)', '<code>'],
])('an address becomes a link only where it can be no other markup: %s', (run, expected) => {
	expect(toNoticeMarkdown(toNotice('x', run))).toContain(expected);
	expect(toNoticeMarkdown(toNotice('x', run))).not.toContain('](javascript');
});

test('the same of a watch', () => {
	const report = (text: string) =>
		toWatchMarkdown({
			project: text,
			time: text,
			days: 14,
			findings: [{ target: text, severity: 'error', code: text, message: text, hint: text }],
			looked: [text],
		});
	expect(report(HOSTILE).split('\n')).toHaveLength(report('x').split('\n').length);
	expect(report(HOSTILE).replace(/<\/?(?:code|br|details|summary)>/g, '')).not.toMatch(/[<`@[\]]|:\/\//);
});
