import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Artifact, type Publisher, type Subject, toMessage } from '@slipway/core';
import { toNpmCredentials } from '../config/credentials.ts';
import { type IdTokenSource, toIdTokenSource } from '../config/oidc.ts';
import { planRelease, type TestRegistry, toChange, withTestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

const REPOSITORY = 'acme/greet';

/** An unsigned token with the claims that a registry looks at. */
const toIdToken = (claims: object): string =>
	[{ alg: 'none' }, claims, {}]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.join('.');

const idTokens =
	(claims: object = {}): IdTokenSource =>
	async (audience) =>
		toIdToken({
			aud: audience,
			exp: Date.now() / 1000 + 300,
			repository: REPOSITORY,
			workflow_ref: `${REPOSITORY}/.github/workflows/release.yml@refs/tags/v1.1.0`,
			...claims,
		});

interface Case {
	readonly name: string;
	readonly artifact: Artifact;
	publisher(source: IdTokenSource, authorization?: string): Publisher;
}

const start = async (allow: readonly ('publish' | 'stage' | 'dist-tag')[]): Promise<Case> => {
	const name = `@trust/${randomUUID().slice(0, 8)}`;
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	registry.front.control.trust({ name, repository: REPOSITORY, workflow: 'release.yml', allow });
	return {
		name,
		artifact: registry.pack({ name, version: '1.1.0' }),
		publisher: (idToken, authorization) =>
			registry.publisher({
				credentials: toNpmCredentials({ registry: registry.front.origin, idToken, authorization }),
			}),
	};
};

const planOne = async (publisher: Publisher, artifact: Artifact): Promise<Subject> => {
	const [subject] = await planRelease(registry, publisher, [artifact]);
	if (!subject) throw new Error('nothing planned');
	return subject;
};

const withdraw = (publisher: Publisher, subject: Subject, from: 'hidden' | 'exposed' = 'exposed') =>
	publisher.withdraw([subject], from, { ...toChange(registry), reason: 'it breaks' });

describe('trusted publishing', () => {
	test('exchanges afresh for every change, and can do all but deprecate', async () => {
		const one = await start(['publish', 'dist-tag']);
		registry.front.control.limitExchangedTokens(1);
		const publisher = one.publisher(idTokens());
		const request = { operation: 'release', artifacts: [one.artifact] } as const;
		const { findings, subjects } = await publisher.preflight(request, registry.context);
		expect(findings).toMatchObject([{ severity: 'warning', code: 'NPM_DEPRECATE_NEEDS_TOKEN' }]);
		const subject = subjects[0]?.subject;
		if (!subject) throw new Error('nothing planned');
		await publisher.upload(one.artifact, subject, toChange(registry));
		expect(await publisher.expose([subject], toChange(registry))).toMatchObject([{ outcome: 'exposed' }]);
		expect(await registry.tags(one.name)).toEqual({ latest: '1.1.0' });
		const [withdrawal] = await withdraw(publisher, subject);
		expect(withdrawal).toMatchObject({ outcome: 'withdrawn', current: '1.0.0' });
		expect(withdrawal?.remains.join()).toContain('is not deprecated: no token that may deprecate');
	});

	test('a token beside it is used for marks only', async () => {
		const one = await start(['publish', 'dist-tag']);
		const token = registry.front.control.issueToken(['deprecate'], one.name);
		const publisher = one.publisher(idTokens(), `Bearer ${token}`);
		const subject = await planOne(publisher, one.artifact);
		await publisher.upload(one.artifact, subject, toChange(registry));
		await publisher.expose([subject], toChange(registry));
		const [withdrawal] = await withdraw(publisher, subject);
		expect(withdrawal?.remains.join()).not.toContain('not deprecated');
		expect(await registry.deprecated(one.name, '1.1.0')).toContain('it breaks');
	});

	test.each<readonly ['auto' | 'direct']>([['auto'], ['direct']])(
		'mode %s: rights and reads come first, and nothing between a guard and its change',
		async (mode) => {
			const one = await start(['publish', 'dist-tag']);
			const idToken = idTokens();
			const { origin, control } = registry.front;
			const authorization = `Bearer ${control.issueToken(['deprecate'], one.name)}`;
			const publisher = registry.publisher({
				credentials: toNpmCredentials({ registry: origin, idToken, authorization }),
				target: { mode, access: 'public' },
			});
			const subject = await planOne(publisher, one.artifact);
			const guarded: number[] = [];
			const guard = async () => void guarded.push(registry.front.log.length);
			const change = { context: registry.context, guard };
			const from = registry.front.log.length;
			await publisher.upload(one.artifact, subject, change);
			await publisher.expose([subject], change);
			await publisher.withdraw([subject], 'exposed', { ...change, reason: 'it breaks' });
			await publisher.expose([subject], change);
			const changes = registry.front.log.flatMap(({ mutates }, at) => (mutates && at >= from ? [at] : []));
			expect(changes).toHaveLength(mode === 'direct' ? 5 : 7);
			expect(changes).toEqual(guarded);
		},
	);

	test.each<readonly [string, object]>([
		['another repository', { repository: 'evil/greet' }],
		['another workflow file', { workflow_ref: `${REPOSITORY}/.github/workflows/ci.yml@refs/heads/main` }],
		['an expired ID token', { exp: 1 }],
		['another audience', { aud: 'npm:elsewhere' }],
	])('F18: %s is diagnosed, and the stored token is no way round', async (_, claims) => {
		const one = await start(['publish']);
		const publisher = one.publisher(idTokens(claims), `Bearer ${registry.token}`);
		const request = { operation: 'release', artifacts: [one.artifact] } as const;
		const { findings, subjects } = await publisher.preflight(request, registry.context);
		const failed = findings.find(({ code }) => code === 'NPM_OIDC_FAILED');
		expect(failed?.message).toMatch(/repository .+, workflow file .+, environment none/);
		const subject = subjects[0]?.subject;
		if (!subject) throw new Error('nothing planned');
		const uploading = publisher.upload(one.artifact, subject, toChange(registry));
		await expect(uploading).rejects.toMatchObject({ code: 'NPM_OIDC_FAILED' });
		expect(registry.mutations(one.name)).toBe(0);
	});

	test('without the dist-tag right, exposing is refused with what to do', async () => {
		const one = await start(['publish']);
		const publisher = one.publisher(idTokens());
		const subject = await planOne(publisher, one.artifact);
		await publisher.upload(one.artifact, subject, toChange(registry));
		const exposing = publisher.expose([subject], toChange(registry));
		await expect(exposing).rejects.toMatchObject({
			code: 'NPM_CHANGE_REFUSED',
			hint: expect.stringContaining('trusted publisher'),
		});
	});

	test('every token that is made is announced before it is used, and stands in no message', async () => {
		const one = await start(['publish']);
		const secrets: string[] = [];
		const { origin } = registry.front;
		const onSecret = (secret: string) => void secrets.push(secret);
		const credentials = toNpmCredentials({ registry: origin, idToken: idTokens(), onSecret });
		const publisher = registry.publisher({ credentials });
		const subject = await planOne(publisher, one.artifact);
		await publisher.upload(one.artifact, subject, toChange(registry));
		const error = await publisher.expose([subject], toChange(registry)).catch((thrown: unknown) => thrown);
		expect(secrets).toHaveLength(6);
		const printed = [
			toMessage(error),
			...registry.context.warnings,
			JSON.stringify(registry.front.log),
		].join();
		for (const secret of secrets) expect(printed).not.toContain(secret);
	});

	test("ID tokens come from the job's own service", async () => {
		const asked: string[] = [];
		const server = createServer((request, response) => {
			asked.push(`${request.url} ${request.headers.authorization}`);
			response.end(JSON.stringify({ value: 'the.id.token' }));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2`;
		const source = toIdTokenSource({
			ACTIONS_ID_TOKEN_REQUEST_URL: url,
			ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job',
		});
		expect(await source?.('npm:registry.example', registry.context)).toBe('the.id.token');
		expect(asked).toEqual(['/token?api-version=2&audience=npm%3Aregistry.example Bearer job']);
		expect(toIdTokenSource({})).toBeUndefined();
		server.close();
	});
});

describe('staged publishing', () => {
	const stage = { mode: 'stage', access: 'public' } as const;

	test('waits for a person, then goes on under the hidden dist-tag', async () => {
		const one = await start(['stage']);
		const publisher = registry.publisher({ target: stage });
		const subject = await planOne(publisher, one.artifact);
		expect(subject.mode).toEqual({ name: 'stage', hides: true });
		expect(await publisher.upload(one.artifact, subject, toChange(registry))).toEqual({
			outcome: 'accepted',
		});
		for (const reader of [publisher, registry.publisher({ target: stage })])
			expect(await reader.probe(one.artifact, registry.context)).toMatchObject({
				state: 'pending',
				waitsFor: 'person',
			});
		const again = registry.publisher({ target: stage });
		expect(await again.upload(one.artifact, subject, toChange(registry))).toEqual({ outcome: 'accepted' });
		const [staged, ...others] = registry.front.control.staged();
		expect(others).toEqual([]);
		await registry.front.control.approve(staged?.id ?? '');
		expect(await publisher.probe(one.artifact, registry.context)).toEqual({ state: 'match' });
		expect(await registry.tags(one.name)).toEqual({ latest: '1.0.0', 'slipway-1.1.0': '1.1.0' });
		await publisher.expose([subject], toChange(registry));
		await publisher.verify([subject], 'exposed', registry.context);
	});

	test('with an exchanged token that may only stage, nothing can be read back: the registry answers by refusing twice', async () => {
		const one = await start(['stage']);
		const credentials = toNpmCredentials({ registry: registry.front.origin, idToken: idTokens() });
		const publisher = () => registry.publisher({ target: stage, credentials });
		const subject = await planOne(publisher(), one.artifact);
		await publisher().upload(one.artifact, subject, toChange(registry));
		const next = publisher();
		expect(await next.upload(one.artifact, subject, toChange(registry))).toEqual({ outcome: 'accepted' });
		expect(await next.probe(one.artifact, registry.context)).toMatchObject({
			state: 'pending',
			waitsFor: 'person',
		});
		const [withdrawal] = await withdraw(next, subject, 'hidden');
		expect(withdrawal?.remains.join()).toContain('may still be staged');
		for (const { id } of registry.front.control.staged()) registry.front.control.reject(id);
	});

	test('an abort cannot reject it without a second factor, and names the command', async () => {
		const one = await start(['stage']);
		const publisher = registry.publisher({ target: stage });
		const subject = await planOne(publisher, one.artifact);
		await publisher.upload(one.artifact, subject, toChange(registry));
		const [withdrawal] = await withdraw(publisher, subject, 'hidden');
		const id = registry.front.control.staged()[0]?.id ?? 'none';
		expect(withdrawal?.remains.join()).toContain(`npm stage reject ${id}`);
		registry.front.control.reject(id);
		expect(await withdraw(registry.publisher({ target: stage }), subject, 'hidden')).toMatchObject([
			{ outcome: 'already', remains: [] },
		]);
	});

	test('a package that does not exist yet cannot be staged', async () => {
		const artifacts = [registry.pack({ name: `stage-${randomUUID().slice(0, 8)}`, version: '1.0.0' })];
		const publisher = registry.publisher({ target: stage });
		const { findings } = await publisher.preflight({ operation: 'release', artifacts }, registry.context);
		expect(findings).toMatchObject([{ severity: 'error', code: 'NPM_STAGE_NEEDS_PACKAGE' }]);
	});
});
