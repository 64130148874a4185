import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact, Publisher, Subject } from '@slipway/core';
import type { FaultRule, FrontReply } from '@slipway/rehearsal/npm-registry';
import { describeAtLength } from '@slipway/testing';
import { planRelease, type TestRegistry, toChange, withTestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

interface Case {
	readonly name: string;
	readonly artifact: Artifact;
	readonly publisher: Publisher;
	readonly subject: Subject;
}

const start = async (): Promise<Case> => {
	const name = `hostile-${randomUUID().slice(0, 8)}`;
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	const artifact = registry.pack({ name, version: '1.1.0' });
	const publisher = registry.publisher();
	const [subject] = await planRelease(registry, publisher, [artifact]);
	if (!subject) throw new Error('nothing planned');
	await publisher.upload(artifact, subject, toChange(registry));
	return { name, artifact, publisher, subject };
};

type Kind = Parameters<FaultRule['match']>[0]['route']['kind'];

const tamper = (kind: Kind, rewrite: (reply: FrontReply) => FrontReply, from?: RegExp): void =>
	registry.front.control.inject({
		when: 'after',
		times: 1000,
		match: ({ route, headers }) => route.kind === kind && (from?.test(headers['user-agent'] ?? '') ?? true),
		fault: { kind: 'rewrite', rewrite },
	});

const replace =
	(pattern: RegExp | string, text: string) =>
	(reply: FrontReply): FrontReply => ({
		...reply,
		body: Buffer.from(reply.body.toString().replaceAll(pattern, text)),
	});

const verify = ({ publisher, subject }: Case, state: 'hidden' | 'exposed' | 'withdrawn') =>
	publisher.verify([subject], state, registry.context);

const INTEGRITY = /sha512-[A-Za-z0-9+/]{86}==/g;
const OTHER_SHA512 = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

describe('H12: replies that lie', () => {
	test.each<readonly [string, (one: Case) => (reply: FrontReply) => FrontReply, string]>([
		[
			"another package's packument",
			() => replace(/"name":\s*"hostile-/g, '"name":"evil-'),
			'NPM_REPLY_INVALID',
		],
		[
			"another version's manifest",
			() => replace(/"version":\s*"1\.1\.0"/g, '"version":"1.0.0"'),
			'NPM_REPLY_INVALID',
		],
		[
			'a tarball on another host',
			() => replace(registry.front.origin, 'https://evil.example'),
			'NPM_TARBALL_ELSEWHERE',
		],
		[
			'a tarball on another port',
			() => replace(registry.front.origin, 'http://127.0.0.1:1'),
			'NPM_TARBALL_ELSEWHERE',
		],
		[
			'another scheme',
			() => replace(registry.front.origin, registry.front.origin.replace('http', 'https')),
			'NPM_TARBALL_ELSEWHERE',
		],
		[
			'a tarball that is no address',
			() => replace(registry.front.origin, 'javascript:'),
			'NPM_TARBALL_ELSEWHERE',
		],
		['another digest', () => replace(INTEGRITY, OTHER_SHA512), 'NPM_DIGEST_MISMATCH'],
		[
			'versions that are no list',
			() => replace(/"versions":\s*\{/g, '"versions":"x","y":{'),
			'NPM_REPLY_INVALID',
		],
		[
			'half a document',
			() => (reply) => ({ ...reply, body: reply.body.subarray(0, 100) }),
			'NPM_REPLY_INVALID',
		],
		[
			'a page instead of a document',
			() => (reply) => ({ ...reply, body: Buffer.from('<html>') }),
			'NPM_REPLY_INVALID',
		],
		[
			'very deep nesting',
			() => (reply) => ({ ...reply, body: Buffer.from('['.repeat(100_000)) }),
			'NPM_REPLY_INVALID',
		],
		['no such version', () => replace('1.1.0', '1.1.1'), 'NPM_NOT_VISIBLE'],
	])('%s', async (_, rewrite, code) => {
		const one = await start();
		tamper('packument', rewrite(one));
		await expect(verify(one, 'hidden')).rejects.toMatchObject({ name: 'SlipwayError', code });
	});

	test('a digest in look-alike letters is none: only the bytes count then', async () => {
		const one = await start();
		tamper('packument', replace(INTEGRITY, 'ѕһа512-AAAA'));
		expect(await one.publisher.probe(one.artifact, registry.context)).toEqual({ state: 'match' });
		tamper('tarball', (reply) => ({ ...reply, body: Buffer.concat([reply.body, Buffer.from([0])]) }));
		expect(await one.publisher.probe(one.artifact, registry.context)).toMatchObject({ state: 'mismatch' });
		await expect(verify(one, 'hidden')).rejects.toMatchObject({ code: 'NPM_DIGEST_MISMATCH' });
	});

	test('a prototype that is polluted by a reply changes nothing', async () => {
		const one = await start();
		tamper('packument', replace('{"name"', '{"__proto__":{"polluted":true},"constructor":{"x":1},"name"'));
		await verify(one, 'hidden').catch(() => {});
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
	});
});

describe('F6: a download that was changed on the way', () => {
	test('no flipped bit and no lost end is ever accepted', async () => {
		const one = await start();
		let at = 0;
		tamper('tarball', ({ body, ...reply }) => {
			const changed = Buffer.from(body);
			const index = (at * 7919) % body.length;
			changed[index] = (changed[index] ?? 0) ^ (1 << (at % 8));
			return { ...reply, body: at % 10 === 9 ? body.subarray(0, index) : changed };
		});
		for (at = 0; at < 60; at += 1)
			await expect(verify(one, 'hidden')).rejects.toMatchObject({ code: 'NPM_DIGEST_MISMATCH' });
	});
});

describeAtLength('what only the real client sees', () => {
	const NPM = /^npm\//;

	test('another default version', async () => {
		const one = await start();
		await one.publisher.expose([one.subject], toChange(registry));
		await verify(one, 'exposed');
		tamper('packument', replace(/"latest":\s*"1\.1\.0"/g, '"latest":"1.0.0"'), NPM);
		await expect(verify(one, 'exposed')).rejects.toMatchObject({ code: 'NPM_POINTER_WRONG' });
	});

	test('other bytes, in a tarball with a digest that fits them', async () => {
		const one = await start();
		await one.publisher.expose([one.subject], toChange(registry));
		const evil = registry.pack({ name: one.name, version: '1.1.0' }, 'evil');
		const bytes = await registry.read(evil);
		const sha512 = `sha512-${Buffer.from(evil.digest.sha512 ?? '', 'hex').toString('base64')}`;
		tamper('packument', replace(INTEGRITY, sha512), NPM);
		tamper('tarball', (reply) => ({ ...reply, body: Buffer.from(bytes) }), NPM);
		await expect(verify(one, 'exposed')).rejects.toMatchObject({ code: 'NPM_DIGEST_MISMATCH' });
	});

	test('nothing at all', async () => {
		const one = await start();
		await one.publisher.expose([one.subject], toChange(registry));
		tamper('tarball', (reply) => ({ ...reply, status: 404, body: Buffer.from('{}') }), NPM);
		await expect(verify(one, 'exposed')).rejects.toMatchObject({ code: 'NPM_CLIENT_FAILED' });
	});

	test('after a rollback: still ours', async () => {
		const one = await start();
		await one.publisher.expose([one.subject], toChange(registry));
		await one.publisher.withdraw([one.subject], 'exposed', { ...toChange(registry), reason: 'x' });
		await verify(one, 'withdrawn');
		const restore = replace(/"latest":\s*"1\.0\.0"/g, '"latest":"1.1.0"');
		const unmark = replace('"deprecated"', '"unmarked"');
		tamper('packument', (reply) => unmark(restore(reply)), NPM);
		await expect(verify(one, 'withdrawn')).rejects.toMatchObject({ code: 'NPM_POINTER_WRONG' });
	});

	test('no script of what it fetches runs (H13)', async () => {
		const ran = join(registry.folder, `ran-${randomUUID()}`);
		const touch = `node -e "require('fs').writeFileSync(process.argv[1],'')" ${ran}`;
		const events = ['preinstall', 'install', 'postinstall', 'prepare', 'prepack', 'publish', 'postpublish'];
		const scripts = Object.fromEntries(events.map((event) => [event, touch]));
		const name = `hostile-${randomUUID().slice(0, 8)}`;
		await registry.publish(registry.pack({ name, version: '1.0.0', scripts }));
		const artifact = registry.pack({ name, version: '1.1.0', scripts });
		const publisher = registry.publisher();
		const subjects = await planRelease(registry, publisher, [artifact]);
		for (const subject of subjects) await publisher.upload(artifact, subject, toChange(registry));
		await publisher.expose(subjects, toChange(registry));
		const [seen] = await publisher.verify(subjects, 'exposed', registry.context);
		expect(seen?.client).toMatch(/^npm \d/);
		expect(existsSync(ran)).toBe(false);
	});

	test('it gets no credentials and none of the user configuration', async () => {
		const one = await start();
		await one.publisher.expose([one.subject], toChange(registry));
		const seen: string[] = [];
		registry.front.control.inject({
			when: 'before',
			times: 1000,
			match: ({ headers }) => {
				if (NPM.test(headers['user-agent'] ?? '')) seen.push(headers.authorization ?? 'none');
				return false;
			},
			fault: { kind: 'reset' },
		});
		const environment = {
			...process.env,
			NODE_AUTH_TOKEN: registry.token,
			npm_config_registry: 'http://127.0.0.1:1/',
			[`npm_config_//${new URL(registry.front.origin).host}/:_authToken`]: registry.token,
		};
		await registry.publisher({ environment }).verify([one.subject], 'exposed', registry.context);
		expect(new Set(seen)).toEqual(new Set(['none']));
	});
});
