import { SlipwayError } from '@slipway/core';
import { type Handler, serveLoopback } from '@slipway/http';
import { toIntegrity, toSampleSbom } from '../sample.fixture.ts';
import { withPackuments } from './with-packuments.ts';

const signal = new AbortController().signal;

const withRegistry = async <T>(
	answer: (path: string) => unknown,
	task: (registry: string, asked: string[]) => Promise<T>,
): Promise<T> => {
	const asked: string[] = [];
	const handler: Handler = (request, response) => {
		asked.push(`${request.url} ${request.headers.authorization}`);
		const body = answer(request.url ?? '');
		response.statusCode = body === undefined ? 404 : 200;
		response.end(body === undefined ? '{}' : JSON.stringify(body));
	};
	const server = await serveLoopback(handler);
	try {
		return await task(`${server.origin}/npm/`, asked);
	} finally {
		await server.close();
	}
};

const ask = (registry: string) =>
	withPackuments(toSampleSbom(), { registryFor: () => registry, authorizationFor: () => 'Bearer t', signal });

test('suppliers come from the documents of the versions, and from nothing else', async () => {
	const sbom = await withRegistry(
		(path) =>
			path === '/npm/peer/1.0.0'
				? { name: 'peer', version: '1.0.0', author: 'Ada', dist: { integrity: toIntegrity('peer@1.0.0') } }
				: undefined,
		async (registry, asked) => {
			const filled = await ask(registry);
			expect(asked).toContain('/npm/@acme%2Fscoped/1.0.0-rc.1%2Bbuild.5 Bearer t');
			expect(asked.filter((line) => line.includes('fromgit'))).toEqual([]);
			return filled;
		},
	);
	expect(
		sbom.components.filter(({ supplier }) => supplier).map(({ name, supplier }) => [name, supplier?.name]),
	).toEqual([['peer', 'Ada']]);
});

test('other bytes under the same version say nothing about ours', async () => {
	const sbom = await withRegistry(
		(path) =>
			path === '/npm/peer/1.0.0'
				? { name: 'peer', version: '1.0.0', author: 'Eve', dist: { integrity: toIntegrity('other') } }
				: undefined,
		ask,
	);
	expect(sbom.components.filter(({ supplier }) => supplier)).toEqual([]);
});

test('an answer for another package is refused', async () => {
	await expect(withRegistry(() => ({ name: 'other', version: '1.0.0' }), ask)).rejects.toThrow(
		expect.objectContaining({ constructor: SlipwayError, code: 'SBOM_PACKUMENT_INVALID' }),
	);
});
