import { type SummaryReport, type SummarySubject, toSummaryMarkdown } from './summary-markdown.ts';

const subject: SummarySubject = {
	target: 'npm',
	subject: 'pkg:npm/greet',
	version: '1.0.0',
	artifacts: [{ name: 'greet-1.0.0.tgz', sha256: 'ab'.repeat(32) }],
	pointer: { name: 'latest', previous: '0.9.0', current: '1.0.0' },
	state: 'exposed',
	verifiedBy: ['npm 11.6.0'],
	remains: [],
};
const report: SummaryReport = {
	operation: 'release',
	dryRun: false,
	partial: false,
	project: 'greet',
	version: '1.0.0',
	releaseId: 'cd'.repeat(32),
	state: 'COMPLETED',
	reason: 'all targets expose 1.0.0',
	subjects: [subject],
	phases: [],
	next: null,
};

/** What a Markdown renderer shows: character references decoded. */
const toShown = (markdown: string): string =>
	markdown.replace(/&#(\d+);/g, (_match, code) => String.fromCharCode(Number(code)));

test('shows each target in a row', () => {
	const shown = toShown(toSummaryMarkdown(report, 10_000));
	expect(shown).toContain('### release greet 1.0.0: COMPLETED');
	expect(shown).toMatch(
		/^\| npm \| <code>pkg:npm\/greet<\/code> \| 1\.0\.0 \| exposed \| latest \| .*0\.9\.0.* \| .*1\.0\.0.* \| npm 11\.6\.0 \| <code>abababababab/m,
	);
});

test('says what cannot be undone and the one command that goes on', () => {
	const held = {
		...report,
		next: 'slipway continue 1.0.0',
		subjects: [{ ...subject, remains: ['1.0.0 is burnt'] }],
	};
	const shown = toShown(toSummaryMarkdown(held, 10_000));
	expect(shown).toContain('- npm: 1.0.0 is burnt');
	expect(shown).toContain('Next: <code>slipway continue 1.0.0</code>');
});

test.each([
	'<img src=x onerror=alert(1)>',
	'![x](http://example.org/x.png)',
	'[click](http://example.org)',
	'| a | b |\n|---|---|',
	'```\ncode\n```',
	'@everyone #1 https://example.org',
	'</code></td><script>',
])('%j stays text', (text) => {
	const evil = { ...subject, problem: text, target: text, pointer: { ...subject.pointer, current: text } };
	const markdown = toSummaryMarkdown({ ...report, reason: text, subjects: [evil] }, 100_000);
	const cells = markdown.replaceAll(/<\/?code>/g, '').replaceAll(/&#\d+;/g, '');
	expect(cells).not.toMatch(/[<>[\]`@]|!\[|:\/\//);
	expect(markdown.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
});

test('never exceeds the limit, and says that it was cut', () => {
	const many = Array.from({ length: 5000 }, () => ({ ...subject, problem: 'ä'.repeat(200) }));
	const markdown = toSummaryMarkdown({ ...report, subjects: many }, 50_000);
	expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(50_000);
	expect(markdown).toMatch(/Truncated: \d+ more lines/);
});
