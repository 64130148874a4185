import { TAMPERINGS } from './catalog.ts';
import { toRefusal } from './try-tampering.ts';

const TRIAL = {
	tampering: { id: 'x', what: 'a record was edited' },
	links: ['records/a.json', 'records/b.json'],
};

const refuse = (message: string) =>
	toRefusal('greet', TRIAL, { verified: false, code: 'VERIFY_CHAIN_CHANGED', message });

test('a refusal keeps the line that names the link', () => {
	expect(refuse('manifest.json: is odd\n  records/b.json: is not what was signed').message).toBe(
		'records/b.json: is not what was signed',
	);
});

test('a line that ends with a colon brings the next one along, and nothing is too long', () => {
	expect(refuse('records/a.json: signed by nobody:\n  expected Ada\n  more').message).toBe(
		'records/a.json: signed by nobody: expected Ada',
	);
	expect(refuse(`records/a.json: ${'x'.repeat(2000)}`).message).toHaveLength(501);
});

test('a refusal that names something else is no refusal of this', () => {
	expect(() => refuse('SHA256SUMS: is odd')).toThrow(
		expect.objectContaining({
			code: 'REHEARSAL_TAMPERING_ACCEPTED',
			message: expect.stringContaining('records/a.json'),
		}),
	);
});

test('a copy that is accepted is an error', () => {
	const verification = {} as Extract<Parameters<typeof toRefusal>[2], { verified: true }>['verification'];
	expect(() => toRefusal('greet', TRIAL, { verified: true, verification })).toThrow(
		expect.objectContaining({ code: 'REHEARSAL_TAMPERING_ACCEPTED' }),
	);
});

test('every change has a name of its own', () => {
	const ids = TAMPERINGS.map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.length).toBeGreaterThan(25);
});
