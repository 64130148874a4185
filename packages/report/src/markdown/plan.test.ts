import { MAX_COMMENT_LENGTH, toPlanMarkdown } from './plan.ts';
import type { PlanPreview, PreviewArtifact } from './plan-preview.ts';

const artifact: PreviewArtifact = {
	name: 'greet-1.1.0.tgz',
	size: 3000,
	sha256: 'a'.repeat(64),
	targets: ['npm'],
	before: { version: '1.0.0', size: 2000, from: 'registry.example' },
	note: null,
	files: [
		{ path: 'same.js', change: 'same', size: 1, before: 1 },
		{ path: 'new.js', change: 'added', size: 1500, before: null },
		{ path: 'old.js', change: 'removed', size: null, before: 10 },
		{ path: 'main.js', change: 'changed', size: 30, before: 20 },
	],
};

const preview: PlanPreview = {
	project: 'greet',
	version: '1.1.0',
	verdict: 'warn',
	commit: '0123456789012345678901234567890123456789',
	policy: { sha256: 'b'.repeat(64), from: 'slipway.policy.yml' },
	targets: [{ id: 'npm', description: 'https://registry.example/', traits: ['hides what is uploaded'] }],
	moves: [
		{
			target: 'npm',
			subject: 'pkg:npm/greet',
			version: '1.1.0',
			mode: { name: 'tag', hides: true },
			pointer: 'latest',
			from: '1.0.0',
			to: '1.1.0',
			artifacts: ['greet-1.1.0.tgz'],
		},
	],
	artifacts: [artifact],
	gates: [
		{
			id: 'secrets',
			verdict: 'warn',
			accepted: 1,
			notes: [],
			findings: [
				{ id: 'x:y', severity: 'warning', message: 'a secret', hint: 'take it out' },
				{ id: 'n', severity: 'note', message: 'only told', hint: '' },
			],
		},
	],
	permissions: [{ workflow: 'release.yml', scopes: [{ scope: 'id-token', access: 'write' }] }],
	findings: [
		{ target: 'npm', severity: 'warning', code: 'A_WARNING', message: 'mind this', hint: 'do that' },
		{ target: 'npm', severity: 'error', code: 'AN_ERROR', message: 'stop', hint: 'correct it' },
	],
};

/** What people read: escapes as the characters that they stand for. */
const read = (markdown: string): string =>
	markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test('says what would happen, errors first, the changed files first', () => {
	const text = read(toPlanMarkdown(preview));
	expect(text).toContain('## What a release of greet 1.1.0 would do');
	expect(text.indexOf('AN_ERROR')).toBeLessThan(text.indexOf('A_WARNING'));
	expect(text).toContain(
		'| 1 | npm | <code>pkg:npm/greet</code> | tag | <code>latest</code> | <code>1.0.0</code> | <code>1.1.0</code> |',
	);
	expect(text).toContain('+1000 B (+50.0 %) since 1.0.0');
	expect(text).toContain('3 files, 1 added, 1 removed, 1 changed');
	expect(text.indexOf('new.js')).toBeLessThan(text.indexOf('same.js'));
	expect(text).toContain('  id-token: write');
	expect(text).toContain('| secrets | warn | 1 finding; 1 accepted |');
	expect(text).not.toContain('only told');
});

const HOSTILE = [
	'<img src=x onerror=alert(1)>',
	'![x](https://evil.example/x.png)',
	'[click](javascript:alert(1))',
	'@everyone fixes #1',
	'a | b | c',
	'::error::x\n::set-output name=x::y',
	'```\n</details></code>',
	'\u202Egpj.exe\u200B',
	'https://evil.example',
	'$(touch /tmp/x)`id`',
];

/** Every text of others in a preview is this one. */
const toHostile = (text: string): PlanPreview => ({
	...preview,
	commit: text,
	policy: { sha256: text, from: text },
	targets: [{ id: text, description: text, traits: [text] }],
	moves: preview.moves.map((move) => ({
		...move,
		target: text,
		subject: text,
		version: text,
		mode: { name: text, hides: true },
		pointer: text,
		from: text,
		to: text,
	})),
	artifacts: [
		{
			...artifact,
			name: text,
			targets: [text],
			note: text,
			before: { version: text, size: 1, from: text },
			files: artifact.files.map((file) => ({ ...file, path: text })),
		},
	],
	gates: [
		{
			id: text,
			verdict: 'fail',
			accepted: 0,
			notes: [text],
			findings: [{ id: text, severity: 'error', message: text, hint: text }],
		},
	],
	findings: [{ target: text, severity: 'error', code: text, message: text, hint: text }],
});

/** The page with everything taken out that the renderer itself writes around texts. */
const toForeignRest = (markdown: string): string =>
	markdown
		.split('\n')
		.filter((line) => !/^```|^permissions:| {2}id-token: write|^### |^\|[-|]+$/.test(line))
		.join('\n')
		.replace(/<\/?(?:code|details|summary|br)>/g, '')
		.replace(/\*\*(?:error|fail|warning|it would be refused)\*\*/g, '');

test.each(HOSTILE)('text of others is inert: %j (H3, H14)', (text) => {
	const markdown = toPlanMarkdown(toHostile(text));
	const rest = toForeignRest(markdown);
	expect(rest).not.toMatch(/[<>`*\\[\]]|@|https?:|\u202E|\u200B|::/);
	const plain = toPlanMarkdown(toHostile('x')).split('\n').length;
	expect(markdown.split('\n')).toHaveLength(plain);
	const cells = (page: string) => page.split('\n').map((line) => line.split('|').length);
	expect(cells(markdown)).toEqual(cells(toPlanMarkdown(toHostile('x'))));
});

test('nobody is called, no issue is referred to, and no address becomes a link', () => {
	const markdown = toPlanMarkdown(toHostile('@everyone fixes #1 www.evil.example'));
	expect(markdown).not.toMatch(/www\./);
	// GitHub looks for neither in code, and what people copy from there is what it says.
	const prose = markdown.replaceAll(/<code>.*?<\/code>/g, '');
	expect(prose).toContain('&#64;&#8203;everyone fixes &#35;&#8203;1');
	expect(prose).not.toMatch(/&#(?:64|35);(?!&#8203;)/);
	expect(markdown).toMatch(/<code>&#64;everyone fixes &#35;1/);
});

test('a page that is too long keeps its frame, closes what it opened, and says what is missing', () => {
	const files = Array.from({ length: 5000 }, (_, index) => ({
		path: `folder/${index}/${'n'.repeat(40)}.js`,
		change: 'added' as const,
		size: 1,
		before: null,
	}));
	const big = {
		...preview,
		artifacts: [
			{ ...artifact, files },
			{ ...artifact, name: 'second.tgz', files },
		],
	};
	const markdown = toPlanMarkdown(big);
	expect(markdown.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH);
	expect(markdown.length).toBeGreaterThan(MAX_COMMENT_LENGTH * 0.9);
	expect(markdown).toMatch(/Truncated: \d+ more files/);
	expect(markdown.match(/<details>/g)).toHaveLength(2);
	expect(markdown.match(/<\/details>/g)).toHaveLength(2);
	expect(read(markdown)).toContain('AN_ERROR');
});

test('many artifacts, findings and gates stay within the limit too', () => {
	const many = <T>(item: T): T[] => Array.from({ length: 2000 }, () => item);
	const long = '-'.repeat(5000);
	const markdown = toPlanMarkdown({
		...preview,
		findings: many({ target: long, severity: 'error', code: long, message: long, hint: long }),
		artifacts: many({ ...artifact, name: long }).slice(0, 100),
		gates: many({ ...(preview.gates[0] as PlanPreview['gates'][number]), id: long }).slice(0, 50),
	});
	expect(markdown.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH);
	expect(markdown).toMatch(/Truncated: \d+ more sections/);
});
