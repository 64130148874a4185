import { randomUUID } from 'node:crypto';
import type { Finding } from '@slipway/core';
import { toJsonReply } from '@slipway/rehearsal/npm-registry';
import { toNpmCredentials } from '../config/credentials.ts';
import { planRelease, type TestRegistry, toChange, withTestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

const newName = () => `plan-${randomUUID().slice(0, 8)}`;
const toCodes = (findings: readonly Finding[]) => findings.map(({ severity, code }) => `${severity} ${code}`);

/** Plans version `version` of a package that exists at 1.0.0 and, as `legacy`, at 0.9.0. */
const plan = async (
	version: string,
	{ line, json = {}, name = newName() }: { line?: string; json?: object; name?: string } = {},
) => {
	await registry.publish(registry.pack({ name, version: '0.9.0' }), 'legacy');
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	await registry.front.control.moveTag(name, 'legacy', '0.9.0');
	const artifacts = [registry.pack({ name, version, ...json })];
	const request = { operation: 'release', artifacts, line } as const;
	const { findings, subjects } = await registry.publisher().preflight(request, registry.context);
	return { codes: toCodes(findings), findings, subject: subjects[0]?.subject, name };
};

const CASES: readonly (readonly [string, string, Parameters<typeof plan>[1], object])[] = [
	['a higher version moves latest', '1.1.0', {}, { name: 'latest', previous: '1.0.0', next: '1.1.0' }],
	['a pre-release moves its own tag', '2.0.0-rc.1', {}, { name: 'rc', previous: null, next: '2.0.0-rc.1' }],
	['a pre-release in numbers moves next', '2.0.0-1', {}, { name: 'next', previous: null, next: '2.0.0-1' }],
	['a line moves its tag', '0.9.1', { line: 'legacy' }, { name: 'legacy', previous: '0.9.0', next: '0.9.1' }],
	['a new line', '0.8.0', { line: 'old' }, { name: 'old', previous: null, next: '0.8.0' }],
	[
		'publishConfig.tag',
		'1.1.0',
		{ json: { publishConfig: { tag: 'canary' } } },
		{ name: 'canary', previous: null, next: '1.1.0' },
	],
];

test.each(CASES)('%s', async (_, version, options, pointer) => {
	const { codes, subject } = await plan(version, options);
	expect(codes).toEqual([]);
	expect(subject).toMatchObject({ pointer, mode: { name: 'tag', hides: true }, version, target: 'npm' });
});

const REFUSED: readonly (readonly [string, string, Parameters<typeof plan>[1], string])[] = [
	['a version below the default', '0.9.5', {}, 'error NPM_VERSION_BELOW_DEFAULT'],
	['a version below its line', '0.8.9', { line: 'legacy' }, 'error NPM_VERSION_BELOW_LINE'],
	['a line that reads as a range', '0.9.1', { line: 'v0.x' }, 'error NPM_TAG_INVALID'],
	['a line with a slash', '0.9.1', { line: 'a/b' }, 'error NPM_TAG_INVALID'],
	[
		'a version that exists with other bytes',
		'1.0.0',
		{ json: { license: 'MIT' } },
		'error NPM_VERSION_CONFLICT',
	],
	['a private package', '1.1.0', { json: { private: true } }, 'error NPM_PACKAGE_PRIVATE'],
	[
		'a package that goes elsewhere',
		'1.1.0',
		{ json: { publishConfig: { registry: 'https://evil.example' } } },
		'error NPM_REGISTRY_MISMATCH',
	],
];

test.each(REFUSED)('refuses %s', async (_, version, options, code) => {
	const { codes, findings } = await plan(version, options);
	expect(codes).toContain(code);
	for (const { hint, message } of findings) expect(hint && message).not.toBe('');
});

test('the same version with the same bytes is no conflict: it is found to be there', async () => {
	const { codes, subject } = await plan('1.0.0');
	expect(codes).toEqual([]);
	expect(subject?.pointer).toEqual({ name: 'latest', previous: '1.0.0', next: '1.0.0' });
});

test.each([
	['the default', undefined, 'error NPM_VERSION_BELOW_DEFAULT'],
	['its line', 'legacy', 'error NPM_VERSION_BELOW_LINE'],
])('an old release that is run again never moves %s down', async (_, line, code) => {
	const name = newName();
	const tag = line ?? 'latest';
	const old = registry.pack({ name, version: '1.1.0' });
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	await registry.publish(old, tag);
	await registry.publish(registry.pack({ name, version: '2.0.0' }), tag);
	const codes = async () => {
		const request = { operation: 'release', artifacts: [old], line } as const;
		return toCodes((await registry.publisher().preflight(request, registry.context)).findings);
	};
	expect(await codes()).toEqual([code]);
	await registry.front.control.moveTag(name, tag, '1.1.0');
	expect(await codes()).toEqual([]);
});

test('a version that was unpublished is used up', async () => {
	const name = newName();
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	registry.front.control.inject({
		when: 'after',
		times: 9,
		match: ({ route }) => route.kind === 'packument',
		fault: {
			kind: 'rewrite',
			rewrite: (reply) => {
				const packument = JSON.parse(reply.body.toString());
				packument.time['1.1.0'] = '2020-01-01T00:00:00.000Z';
				return { ...reply, body: Buffer.from(JSON.stringify(packument)) };
			},
		},
	});
	const artifacts = [registry.pack({ name, version: '1.1.0' })];
	const { findings } = await registry
		.publisher()
		.preflight({ operation: 'release', artifacts }, registry.context);
	expect(toCodes(findings)).toEqual(['error NPM_VERSION_BURNT']);
});

test('a first version is public at once: direct, said so, taken back by deprecating', async () => {
	const name = newName();
	const artifact = registry.pack({ name, version: '1.0.0' });
	const publisher = registry.publisher();
	const request = { operation: 'release', artifacts: [artifact] } as const;
	const { findings, subjects } = await publisher.preflight(request, registry.context);
	expect(toCodes(findings)).toEqual(['warning NPM_FIRST_VERSION_PUBLIC']);
	const subject = subjects[0]?.subject;
	if (!subject) throw new Error('nothing planned');
	expect(subject).toMatchObject({ mode: { name: 'direct', hides: false }, pointer: { previous: null } });
	const change = toChange(registry);
	expect(await publisher.upload(artifact, subject, change)).toEqual({ outcome: 'accepted' });
	expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'already' }]);
	expect(await registry.tags(name)).toEqual({ latest: '1.0.0' });
	await publisher.verify([subject], 'exposed', registry.context);
	const [withdrawal] = await publisher.withdraw([subject], 'exposed', { ...change, reason: 'it breaks' });
	expect(withdrawal).toMatchObject({ outcome: 'withdrawn', current: '1.0.0' });
	expect(withdrawal?.remains.join()).toContain(`dist-tag latest of ${name} still names 1.0.0`);
	expect(await registry.deprecated(name, '1.0.0')).toBe('Withdrawn: it breaks. [slipway]');
	await publisher.verify([subject], 'withdrawn', registry.context);
	await publisher.expose([subject], change);
	expect(await registry.deprecated(name, '1.0.0')).toBeUndefined();
});

test('a first version that is a pre-release: its own tag goes, latest stays and is named', async () => {
	const name = newName();
	const artifact = registry.pack({ name, version: '1.0.0-rc.1' });
	const publisher = registry.publisher();
	const [subject] = await planRelease(registry, publisher, [artifact]);
	if (!subject) throw new Error('nothing planned');
	await publisher.upload(artifact, subject, toChange(registry));
	expect(await registry.tags(name)).toEqual({ latest: '1.0.0-rc.1', rc: '1.0.0-rc.1' });
	const undo = { ...toChange(registry), reason: 'it breaks' };
	const [withdrawal] = await publisher.withdraw([subject], 'exposed', undo);
	expect(withdrawal).toMatchObject({ outcome: 'withdrawn', current: null });
	expect(withdrawal?.remains[0]).toContain('still names 1.0.0-rc.1');
	expect(await registry.tags(name)).toEqual({ latest: '1.0.0-rc.1' });
	await publisher.verify([subject], 'withdrawn', registry.context);
});

test('mode direct compares the pointer before it publishes over it', async () => {
	const name = newName();
	await registry.publish(registry.pack({ name, version: '1.0.0' }));
	const publisher = registry.publisher({ target: { mode: 'direct', access: 'public' } });
	const artifact = registry.pack({ name, version: '1.1.0' });
	const [subject] = await planRelease(registry, publisher, [artifact]);
	if (!subject) throw new Error('nothing planned');
	await registry.publish(registry.pack({ name, version: '1.0.9' }));
	const uploading = publisher.upload(artifact, subject, toChange(registry));
	await expect(uploading).rejects.toMatchObject({
		code: 'NPM_POINTER_MOVED',
		hint: expect.stringContaining('`slipway continue 1.1.0 --repoint`'),
	});
	expect(registry.mutations(name)).toBe(0);
});

describe('credentials', () => {
	const preflight = async (authorization: string | undefined) => {
		const artifacts = [registry.pack({ name: newName(), version: '1.0.0' })];
		const credentials = toNpmCredentials({ registry: registry.front.origin, authorization });
		const publisher = registry.publisher({ credentials });
		return publisher.preflight({ operation: 'release', artifacts }, registry.context);
	};

	test('none', async () => {
		const { findings } = await preflight(undefined);
		expect(toCodes(findings)).toContain('error NPM_NO_CREDENTIALS');
	});

	test('none, where another job of the release holds them', async () => {
		const credentials = toNpmCredentials({ registry: registry.front.origin });
		const publisher = registry.publisher({ credentials, needsCredentials: false });
		const artifacts = [registry.pack({ name: newName(), version: '1.0.0' })];
		const { findings } = await publisher.preflight({ operation: 'release', artifacts }, registry.context);
		expect(toCodes(findings)).toContain('warning NPM_NO_CREDENTIALS');
		expect(toCodes(findings).join()).not.toContain('error');
	});

	test.each([
		['read-only', ['error NPM_NO_WRITE_RIGHT']],
		['read-write', []],
	])('a user who is listed as %s', async (right, expected) => {
		const name = newName();
		await registry.publish(registry.pack({ name, version: '1.0.0' }));
		registry.front.control.inject({
			when: 'before',
			match: ({ target }) => target.includes('/collaborators'),
			fault: { kind: 'reply', reply: toJsonReply(200, { slipway: right }) },
		});
		const artifacts = [registry.pack({ name, version: '1.1.0' })];
		const request = { operation: 'release', artifacts } as const;
		const { findings } = await registry.publisher().preflight(request, registry.context);
		expect(toCodes(findings)).toEqual(expected);
	});

	test('a token that the registry does not know', async () => {
		registry.front.control.inject({
			when: 'before',
			match: ({ target }) => target === '/-/whoami',
			fault: {
				kind: 'reply',
				reply: { status: 401, headers: {}, body: Buffer.from('{"error":"Unauthorized"}') },
			},
		});
		const { findings } = await preflight('Bearer npm_secretsecret');
		expect(toCodes(findings)).toContain('error NPM_TOKEN_REFUSED');
		expect(JSON.stringify(findings)).not.toContain('secretsecret');
	});
});

test('a clock that is wrong', async () => {
	const context = (ms: number) => ({
		...registry.context,
		clock: { ...registry.context.clock, now: () => Date.now() + ms },
	});
	const codes = async (ms: number) => {
		const { findings } = await registry
			.publisher()
			.preflight({ operation: 'release', artifacts: [] }, context(ms));
		return toCodes(findings);
	};
	expect(await codes(5_000)).toEqual([]);
	expect(await codes(-120_000)).toEqual(['warning NPM_CLOCK_SKEW']);
	expect(await codes(86_400_000)).toEqual(['error NPM_CLOCK_SKEW']);
});

describe('three packages in one release', () => {
	const releaseThree = async () => {
		const scope = `@${newName()}`;
		const json = (base: string, dependencies = {}) => ({ name: `${scope}/${base}`, dependencies });
		const packages = [
			{ ...json('app', { [`${scope}/lib`]: '^2.0.0', [`${scope}/core`]: '^5.0.0' }), version: '3.1.0' },
			{ ...json('lib', { [`${scope}/core`]: '^5.0.0' }), version: '2.1.0' },
			{ ...json('core'), version: '5.1.0' },
		];
		for (const one of packages) await registry.publish(registry.pack({ ...one, version: '1.0.0' }));
		const artifacts = packages.map((one) => registry.pack(one));
		const publisher = registry.publisher({ packages: packages.map(({ name }) => name) });
		const subjects = await planRelease(registry, publisher, artifacts);
		for (const subject of subjects)
			for (const artifact of subject.artifacts) await publisher.upload(artifact, subject, toChange(registry));
		return { scope, publisher, subjects };
	};

	const moves = (scope: string, from: number) =>
		registry.front.log
			.slice(from)
			.filter(
				({ kind, method, target }) => kind === 'dist-tag' && method === 'PUT' && target.endsWith('/latest'),
			)
			.map(({ target }) =>
				decodeURIComponent(target).replace(`/-/package/${scope}/`, '').replace(/\/.*/, ''),
			);

	test('each has its version; dependencies are exposed first and withdrawn last', async () => {
		const { scope, publisher, subjects } = await releaseThree();
		expect(subjects.map(({ id }) => id.split('/').at(-1))).toEqual(['core', 'lib', 'app']);
		const shuffled = [...subjects].reverse();
		let from = registry.front.log.length;
		const exposures = await publisher.expose(shuffled, toChange(registry));
		expect(exposures.map(({ current }) => current)).toEqual(['5.1.0', '2.1.0', '3.1.0']);
		expect(moves(scope, from)).toEqual(['core', 'lib', 'app']);
		await publisher.verify(subjects, 'exposed', registry.context);
		from = registry.front.log.length;
		await publisher.withdraw(shuffled, 'exposed', { ...toChange(registry), reason: 'x' });
		expect(moves(scope, from)).toEqual(['app', 'lib', 'core']);
		await publisher.verify(subjects, 'withdrawn', registry.context);
	});

	test('the same package twice is refused', async () => {
		const name = newName();
		const artifacts = ['1.0.0', '1.1.0'].map((version) => registry.pack({ name, version }));
		const request = { operation: 'release', artifacts } as const;
		const { findings } = await registry.publisher().preflight(request, registry.context);
		expect(toCodes(findings)).toContain('error NPM_DUPLICATE_PACKAGE');
	});
});

describe('rollback and recovery', () => {
	test('refused towards a version that is absent or was withdrawn itself', async () => {
		const { subject, name } = await plan('1.1.0');
		if (!subject) throw new Error('nothing planned');
		const publisher = registry.publisher();
		const codes = async (previous: string) => {
			const subjects = [{ ...subject, pointer: { ...subject.pointer, previous } }];
			const { findings } = await publisher.preflight({ operation: 'rollback', subjects }, registry.context);
			return toCodes(findings);
		};
		expect(await codes('1.0.0')).toEqual([]);
		expect(await codes('0.0.1')).toEqual(['error NPM_PREVIOUS_MISSING']);
		expect(await codes('1.1.0')).toEqual(['error NPM_PREVIOUS_UNKNOWN']);
		const old = {
			...subject,
			version: '1.0.0',
			artifacts: [registry.pack({ name, version: '1.0.0' })],
			pointer: { name: 'latest', previous: '0.9.0', next: '1.0.0' },
		};
		await publisher.withdraw([old], 'exposed', { ...toChange(registry), reason: 'x' });
		expect(await registry.tags(name)).toMatchObject({ latest: '0.9.0' });
		expect(await codes('1.0.0')).toEqual(['error NPM_PREVIOUS_WITHDRAWN']);
	});

	test.each([
		['NPM_PREVIOUS_MISSING', '0.0.1'],
		['NPM_PREVIOUS_UNKNOWN', '1.0.0'],
	])('%s: the hint is a whole command, before and while it is done', async (code, previous) => {
		const { subject } = await plan('1.0.0');
		if (!subject) throw new Error('nothing planned');
		const publisher = registry.publisher();
		const subjects = [{ ...subject, pointer: { ...subject.pointer, previous } }];
		const hint = expect.stringContaining('`slipway rollback 1.0.0 --to OLDER --reason TEXT`');
		const { findings } = await publisher.preflight({ operation: 'rollback', subjects }, registry.context);
		expect(findings).toMatchObject([{ code, hint }]);
		const undo = { ...toChange(registry), reason: 'x' };
		await expect(publisher.withdraw(subjects, 'exposed', undo)).rejects.toMatchObject({ code, hint });
	});

	test('without a record, subjects come from the registry', async () => {
		const { name } = await plan('1.1.0');
		const artifact = registry.pack({ name, version: '1.1.0' });
		await registry.publish(artifact);
		const publisher = registry.publisher({ packages: [name, newName()] });
		const recover = (version: string, to: string) =>
			publisher.preflight({ operation: 'recover', version, to }, registry.context);
		const { findings, subjects } = await recover('1.1.0', '1.0.0');
		expect(findings).toEqual([]);
		expect(subjects).toMatchObject([
			{
				current: '1.1.0',
				subject: {
					artifacts: [{ digest: artifact.digest, purl: artifact.purl, size: artifact.size }],
					pointer: { name: 'latest', previous: '1.0.0', next: '1.1.0' },
				},
			},
		]);
		for (const to of ['1.1.0', '1.2.0'])
			expect(toCodes((await recover('1.1.0', to)).findings)).toEqual([
				to === '1.1.0' ? 'error NPM_PREVIOUS_NOT_LOWER' : 'error NPM_PREVIOUS_MISSING',
			]);
		expect(await recover('1.0.0', '1.1.0')).toMatchObject({
			findings: [{ severity: 'error', code: 'NPM_PREVIOUS_NOT_LOWER' }],
			subjects: [],
		});
		const recovered = subjects.map(({ subject }) => subject);
		await publisher.withdraw(recovered, 'exposed', { ...toChange(registry), reason: 'x' });
		await publisher.verify(recovered, 'withdrawn', registry.context);
		expect(toCodes((await recover('1.1.0', '0.0.7')).findings)).toEqual(['error NPM_PREVIOUS_MISSING']);
		expect(toCodes((await recover('7.7.7', '1.0.0')).findings)).toEqual(['error NPM_NOTHING_TO_RECOVER']);
	});
});
