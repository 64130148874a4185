import type { Artifact, Context, Publisher, Subject } from '@slipway/core';
import type { Fate } from './wire.ts';

/** One line of npm's replies to a publish: what the registry does, and what has to be made of it. */
interface Reply {
	readonly name: string;
	/** What a simulated registry does with the request. */
	readonly fate: Fate;
	/** What the real one is made to answer: status and words; undefined: it never answers. */
	readonly status: number | undefined;
	readonly error: string;
	/** Others have published other bytes, or we these, before. */
	readonly before?: 'ours' | 'theirs';
	/** What the upload says (`stops`: it is terminal), and what a look by digest says then. */
	readonly expected: readonly ['accepted' | 'unknown' | 'stops', string];
}

const refused = (status: number): Fate => ({ kind: 'refused', status });
const WELL: Fate = { kind: 'well' };

/** The table of facts on registries, 1.1. */
export const REPLIES: readonly Reply[] = [
	{ name: '2xx', fate: WELL, status: 200, error: '', expected: ['accepted', 'match'] },
	{
		name: '403 taken, by these bytes',
		before: 'ours',
		fate: WELL,
		status: 200,
		error: '',
		expected: ['unknown', 'match'],
	},
	{
		name: '403 taken, by other bytes',
		before: 'theirs',
		fate: WELL,
		status: 200,
		error: '',
		expected: ['unknown', 'mismatch'],
	},
	{
		name: '409 packument',
		fate: refused(409),
		status: 409,
		error: 'Failed to save packument.',
		expected: ['unknown', 'absent'],
	},
	{ name: '403 generic', fate: refused(403), status: 403, error: 'Forbidden', expected: ['stops', 'absent'] },
	{ name: '404', fate: refused(404), status: 404, error: 'Not found', expected: ['stops', 'absent'] },
	{
		name: '401',
		fate: refused(401),
		status: 401,
		error: 'You must be logged in',
		expected: ['stops', 'absent'],
	},
	{
		name: '422',
		fate: refused(422),
		status: 422,
		error: 'Error verifying sigstore provenance',
		expected: ['stops', 'absent'],
	},
	{
		name: '429',
		fate: refused(429),
		status: 429,
		error: 'Too many requests',
		expected: ['unknown', 'absent'],
	},
	{ name: '503', fate: refused(503), status: 503, error: 'Later', expected: ['unknown', 'absent'] },
	{
		name: 'reset before',
		fate: { kind: 'lost-before' },
		status: undefined,
		error: '',
		expected: ['unknown', 'absent'],
	},
	{
		name: 'reset after',
		fate: { kind: 'lost-after' },
		status: undefined,
		error: '',
		expected: ['unknown', 'match'],
	},
];

/** A registry with one package at 1.0.0, and a publisher that has planned 1.1.0. */
export interface RepliedTo {
	readonly publisher: Publisher;
	readonly context: Context;
	readonly subject: Subject;
	readonly ours: Artifact;
	publishAsOthers(): Promise<void>;
	/** The next change is answered like this. */
	strike(reply: Pick<Reply, 'fate' | 'status' | 'error'>): void;
	remove(): Promise<void>;
}

/** Holds a registry and its publisher to the table. */
export const describeReplies = (name: string, make: () => Promise<RepliedTo>): void => {
	describe(`${name} answers a publish`, () => {
		test.each(REPLIES)('$name', async ({ before, fate, status, error, expected }) => {
			const { publisher, context, subject, ours, publishAsOthers, strike, remove } = await make();
			const upload = () => publisher.upload(ours, subject, { context, guard: async () => {} });
			try {
				if (before === 'ours') await upload();
				if (before === 'theirs') await publishAsOthers();
				if (fate.kind !== 'well') strike({ fate, status, error });
				const said = await upload().then(
					({ outcome }) => outcome,
					({ name: kind }) => (kind === 'SlipwayError' ? 'stops' : kind),
				);
				expect([said, (await publisher.probe(ours, context)).state]).toEqual(expected);
			} finally {
				await remove();
			}
		});
	});
};
