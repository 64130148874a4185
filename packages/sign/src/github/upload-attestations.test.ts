import { type Handler, type LoopbackServer, serveLoopback } from '@slipway/http';
import { toContext } from '../sigstore.fixture.ts';
import { createUploader, toAttestationsApi } from './upload-attestations.ts';

let server: LoopbackServer;
let handler: Handler;
let requests: {
	url: string | undefined;
	method: string | undefined;
	authorization: string | undefined;
	body: string;
}[];
beforeAll(async () => {
	server = await serveLoopback(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { url, method, headers } = request;
		requests.push({
			url,
			method,
			authorization: headers.authorization,
			body: Buffer.concat(chunks).toString(),
		});
		return handler(request, response);
	});
});
afterAll(() => server.close());
beforeEach(() => {
	requests = [];
});

const upload = async (bundle = '{"mediaType":"x"}') => {
	const api = toAttestationsApi({
		GITHUB_API_URL: `${server.origin}/api/v3`,
		GITHUB_REPOSITORY: 'acme/greet',
		GITHUB_TOKEN: 'ghs_secret',
	});
	return createUploader(api, toContext())(Buffer.from(bundle));
};

test('a bundle is posted as it is, and its id comes back', async () => {
	handler = (_, response) => response.writeHead(201).end('{"id":4711}');
	expect(await upload()).toBe('4711');
	expect(requests).toEqual([
		{
			url: '/api/v3/repos/acme/greet/attestations',
			method: 'POST',
			authorization: 'Bearer ghs_secret',
			body: '{"bundle":{"mediaType":"x"}}',
		},
	]);
});

test.each([
	[401, 'GITHUB_TOKEN'],
	[403, 'attestations: write'],
	[404, 'public repositories'],
	[422, 'public Sigstore instance'],
	[418, 'Run the job again'],
])('status %i: refused, with what to do', async (status, hint) => {
	handler = (_, response) => response.writeHead(status).end('{"message":"Because \\u202e"}');
	const failure = await upload().catch((error: Error) => error);
	expect(failure).toMatchObject({ code: 'SIGN_UPLOAD_REFUSED', hint: expect.stringContaining(hint) });
	expect((failure as Error).message).not.toContain('ghs_secret');
	expect((failure as Error).message).not.toContain('\u202e');
	expect(requests).toHaveLength(1);
});

test('a reply without an id is refused', async () => {
	handler = (_, response) => response.writeHead(201).end('[]');
	await expect(upload()).rejects.toMatchObject({ code: 'SIGN_UPLOAD_REFUSED' });
});

test('busy once: sent again; always: an end', async () => {
	let left = 1;
	handler = (_, response) => response.writeHead(left-- > 0 ? 503 : 201).end('{"id":"a"}');
	expect(await upload()).toBe('a');
	handler = (_, response) => response.writeHead(502).end();
	await expect(upload()).rejects.toMatchObject({ code: 'SIGN_SERVICE_UNREACHABLE' });
});

test.each([
	[{ GITHUB_REPOSITORY: 'a/b' }, 'GITHUB_TOKEN'],
	[{ GITHUB_TOKEN: 't' }, 'GITHUB_REPOSITORY'],
])('%j lacks %s', (environment, missing) => {
	expect(() => toAttestationsApi(environment)).toThrow(
		expect.objectContaining({
			code: 'SIGN_UPLOAD_REFUSED',
			message: expect.stringContaining(`no ${missing}`),
		}),
	);
});
