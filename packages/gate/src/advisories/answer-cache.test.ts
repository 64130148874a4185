import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { testContext } from '@slipway/testing';
import { type AnswerCache, bulkSource } from './bulk-source.ts';

let server: LoopbackServer;
let asked: number;
beforeEach(async () => {
	asked = 0;
	server = await serveLoopback((_, response) => {
		asked += 1;
		response.end(JSON.stringify({ left: [] }));
	});
});
afterEach(() => server.close());

const toCache = (kept: Map<string, Uint8Array>, ageMs: number): AnswerCache => ({
	get: async (question) => {
		const body = kept.get(question);
		return body && { body, ageMs };
	},
	put: async (question, body) => void kept.set(question, body),
});

const component = (name: string) =>
	({ purl: `pkg:npm/${name}@1.0.0` }) as Parameters<ReturnType<typeof bulkSource>['lookUp']>[0][number];

const lookUp = (name: string, cache: AnswerCache | undefined) =>
	bulkSource({ registry: `${server.origin}/`, cache }).lookUp([component(name)], testContext('/nowhere'));

test('an answer that was kept is not asked for again, and says how old it is', async () => {
	const kept = new Map<string, Uint8Array>();
	expect(await lookUp('left', toCache(kept, 3_600_000))).toMatchObject({ dataAge: 0, problems: [] });
	const again = await lookUp('left', toCache(kept, 3_600_000));
	expect(again).toMatchObject({ dataAge: 3600, problems: [] });
	expect(again.evidence).toHaveLength(1);
	expect(asked).toBe(1);
	await lookUp('right', toCache(kept, 0));
	expect(asked).toBe(2);
	await lookUp('left', undefined);
	expect(asked).toBe(3);
});

test('a kept answer that is none is a problem, as one of the registry is', async () => {
	const cache: AnswerCache = {
		get: async () => ({ body: Buffer.from('no json'), ageMs: 0 }),
		put: async () => {},
	};
	const { problems } = await lookUp('left', cache);
	expect(problems.map(({ severity }) => severity)).toEqual(['error']);
	expect(asked).toBe(0);
});
