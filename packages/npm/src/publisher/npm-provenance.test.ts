import { randomUUID } from 'node:crypto';
import type { Artifact, Publisher, Subject } from '@slipway/core';
import { PREDICATE_TYPES } from '@slipway/core/attestation';
import type { ProvenanceTreatment } from '@slipway/rehearsal/npm-registry';
import { toBundleText, toProvenanceStatement } from '../provenance/bundle.fixture.ts';
import { readPublished } from '../provenance/read-published.ts';
import type { NpmPublisherOptions } from './npm-publisher.ts';
import { planRelease, type TestRegistry, toChange, withTestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
withTestRegistry((started) => {
	registry = started;
});

const HOME = 'https://github.com/acme/greet';

interface Case {
	readonly name: string;
	readonly artifact: Artifact;
	publisher(options?: Partial<NpmPublisherOptions>): Publisher;
	findings(publisher: Publisher): Promise<readonly { readonly severity: string; readonly code: string }[]>;
	/** Plans and uploads. */
	upload(publisher: Publisher): Promise<Subject>;
}

const toCase = (name: string, version: string, repository = HOME): Case => {
	const artifact = registry.pack({ name, version, repository: { type: 'git', url: `git+${HOME}.git` } });
	const provenance = async () => toBundleText(toProvenanceStatement(artifact, repository));
	const publisher = (options: Partial<NpmPublisherOptions> = {}) =>
		registry.publisher({ provenance, ...options });
	return {
		name,
		artifact,
		publisher,
		findings: async (asked) =>
			(await asked.preflight({ operation: 'release', artifacts: [artifact] }, registry.context)).findings,
		upload: async (asked) => {
			const [subject] = await planRelease(registry, asked, [artifact]);
			if (!subject) throw new Error('nothing planned');
			await asked.upload(artifact, subject, toChange(registry));
			return subject;
		},
	};
};

/** A package with an older version, with or without provenance. */
const start = async (options: { scoped?: boolean; before?: 'attested' | 'plain' } = {}): Promise<Case> => {
	const id = `proof-${randomUUID().slice(0, 8)}`;
	const name = options.scoped ? `@acme/${id}` : id;
	const first = toCase(name, '1.0.0');
	if (options.before === 'attested') await first.upload(first.publisher());
	else await registry.publish(first.artifact);
	return toCase(name, '1.1.0');
};

const NONE = { provenance: async () => undefined };
const release = (one: Case) => ({ operation: 'release', artifacts: [one.artifact] }) as const;

describe('provenance of our own', () => {
	test.each([false, true])('goes with the tarball and is read back (scoped: %s)', async (scoped) => {
		const one = await start({ scoped });
		const publisher = one.publisher();
		const subject = await one.upload(publisher);
		const [hidden] = await publisher.verify([subject], 'hidden', registry.context);
		expect(hidden?.checks).toContain('published provenance is ours');
		await publisher.expose([subject], toChange(registry));
		const [exposed] = await publisher.verify([subject], 'exposed', registry.context);
		expect(exposed?.checks).toContain('published provenance is ours');
	});

	test.each([true, false])(
		'of another signing is taken where somebody verified it (%s), and only there',
		async (earlier) => {
			const one = await start();
			const subject = await one.upload(one.publisher());
			const asked: Uint8Array[] = [];
			const again = one.publisher({
				provenance: async () =>
					toBundleText({ ...toProvenanceStatement(one.artifact, HOME), more: 'signed again' }),
				isEarlierProvenance: async ({ found, own }) => {
					asked.push(found, own);
					return earlier;
				},
			});
			const verified = again.verify([subject], 'hidden', registry.context);
			if (earlier)
				expect((await verified)[0]?.checks).toContain('published provenance is that of an earlier attempt');
			else await expect(verified).rejects.toMatchObject({ code: 'NPM_PROVENANCE_DIFFERS' });
			expect(asked).toHaveLength(2);
			expect(asked[0]).not.toEqual(asked[1]);
		},
	);

	test('lies beside the registry’s own attestation, and is one', async () => {
		const one = await start();
		await one.upload(one.publisher());
		const reply = await fetch(`${registry.front.origin}/-/npm/v1/attestations/${one.name}@1.1.0`);
		const { attestations } = (await reply.json()) as { attestations: { predicateType: string }[] };
		expect(attestations.map(({ predicateType }) => predicateType)).toEqual([
			'https://github.com/npm/attestation/tree/main/specs/publish/v0.1',
			PREDICATE_TYPES.provenance,
		]);
	});

	test('is kept for a staged version until a person approves', async () => {
		const one = await start();
		const publisher = one.publisher({ target: { mode: 'stage', access: 'public' } });
		const subject = await one.upload(publisher);
		const [staged] = registry.front.control.staged();
		await registry.front.control.approve(staged?.id ?? '');
		const [verified] = await publisher.verify([subject], 'hidden', registry.context);
		expect(verified?.checks).toContain('published provenance is ours');
	});

	test.each<readonly [ProvenanceTreatment, string]>([
		['drop', 'NPM_PROVENANCE_MISSING'],
		['replace', 'NPM_PROVENANCE_DIFFERS'],
		['strange', 'NPM_PROVENANCE_DIFFERS'],
		['add', 'NPM_PROVENANCE_UNEXPECTED'],
	])('that a registry treats so: %s, is refused: %s', async (treatment, code) => {
		const one = await start();
		registry.front.control.treatProvenance(treatment);
		const publisher = one.publisher();
		const subject = await one.upload(publisher);
		for (const state of ['hidden', 'exposed'] as const)
			await expect(publisher.verify([subject], state, registry.context)).rejects.toMatchObject({ code });
		expect(publisher.transient.includes(code)).toBe(treatment === 'drop');
	});

	test('is looked for at the registry, wherever the packument says that it lies', async () => {
		const one = await start();
		const publisher = one.publisher();
		const subject = await one.upload(publisher);
		registry.front.control.inject({
			when: 'after',
			match: ({ route }) => route.kind === 'packument',
			fault: {
				kind: 'rewrite',
				rewrite: (reply) => ({
					...reply,
					body: Buffer.from(
						reply.body.toString().replaceAll(/"url":"[^"]*attestations/g, '"url":"http://evil.invalid/x'),
					),
				}),
			},
		});
		const [verified] = await publisher.verify([subject], 'hidden', registry.context);
		expect(verified?.checks).toContain('published provenance is ours');
	});

	const answers: readonly (readonly [string, string, string])[] = [
		['no JSON', '<html>', 'JSON_INVALID'],
		['another document', '{"attestations":{}}', 'NPM_PROVENANCE_INVALID'],
		[
			'a bundle that is none',
			'{"attestations":[{"predicateType":"a","bundle":{}}]}',
			'NPM_PROVENANCE_INVALID',
		],
		['twice the same key', '{"attestations":[],"attestations":[]}', 'JSON_UNSAFE'],
		['nothing listed', '{"attestations":[]}', 'NPM_PROVENANCE_MISSING'],
	];
	test.each(answers)('answered with %s', async (_, body, code) => {
		const one = await start();
		const publisher = one.publisher();
		const subject = await one.upload(publisher);
		const reply = { status: 200, headers: {}, body: Buffer.from(body) };
		registry.front.control.inject({
			when: 'after',
			match: ({ route }) => route.kind === 'attestations',
			fault: { kind: 'reply', reply },
		});
		const verifying = publisher.verify([subject], 'hidden', registry.context);
		await expect(verifying).rejects.toMatchObject({ code });
	});

	test('of another repository is refused by the registry', async () => {
		const { name } = await start();
		const one = toCase(name, '1.1.0', 'https://github.com/evil/greet');
		await expect(one.upload(one.publisher())).rejects.toMatchObject({
			code: 'NPM_PUBLISH_REFUSED',
			hint: expect.stringContaining('repository.url'),
		});
	});

	test('that is about something else stops the plan, and the upload', async () => {
		const one = await start();
		const publisher = one.publisher({
			provenance: async () =>
				toBundleText(toProvenanceStatement(registry.pack({ name: 'other', version: '1.0.0' }), HOME)),
		});
		const { findings, subjects } = await publisher.preflight(release(one), registry.context);
		expect(findings).toMatchObject([{ severity: 'error', code: 'NPM_PROVENANCE_INVALID' }]);
		const subject = subjects[0]?.subject;
		if (!subject) throw new Error('nothing planned');
		const uploading = publisher.upload(one.artifact, subject, toChange(registry));
		await expect(uploading).rejects.toMatchObject({ code: 'NPM_PROVENANCE_INVALID' });
		expect(registry.mutations(one.name)).toBe(0);
	});
});

describe('a version after one with provenance', () => {
	const REGRESSION = 'NPM_PROVENANCE_REGRESSION';
	test.each<readonly [string, Partial<NpmPublisherOptions>, object[]]>([
		['with its own goes on', {}, []],
		['that was not signed is refused', NONE, [{ severity: 'error', code: REGRESSION }]],
		['with mode none is refused', { provenanceMode: 'none' }, [{ severity: 'error', code: REGRESSION }]],
		[
			'with mode registry is warned of',
			{ provenanceMode: 'registry' },
			[{ severity: 'warning', code: REGRESSION }],
		],
	])('%s', async (_, options, expected) => {
		const one = await start({ before: 'attested' });
		expect(await one.findings(one.publisher(options))).toMatchObject(expected);
	});

	test('with mode registry, where the registry attests nothing, is never exposed', async () => {
		const one = await start({ before: 'attested' });
		const publisher = one.publisher({ provenanceMode: 'registry' });
		const subject = await one.upload(publisher);
		const verifying = publisher.verify([subject], 'hidden', registry.context);
		await expect(verifying).rejects.toMatchObject({ code: 'NPM_PROVENANCE_MISSING' });
	});

	test('that runs again after it was exposed finds itself', async () => {
		const one = await start({ before: 'attested' });
		const publisher = one.publisher();
		const subject = await one.upload(publisher);
		await publisher.expose([subject], toChange(registry));
		expect(await one.findings(one.publisher())).toEqual([]);
	});
});

describe('modes', () => {
	test.each<readonly [string, Partial<NpmPublisherOptions>]>([
		['own, of a release that is not signed', NONE],
		['registry', { provenanceMode: 'registry' }],
		['none', { provenanceMode: 'none' }],
	])('%s: nothing is attached, and nothing is missed', async (_, options) => {
		const one = await start();
		const publisher = one.publisher(options);
		expect(await one.findings(publisher)).toEqual([]);
		const subject = await one.upload(publisher);
		const [verified] = await publisher.verify([subject], 'hidden', registry.context);
		expect(verified?.checks).toEqual(['packument', 'tarball sha512']);
		const reply = await fetch(`${registry.front.origin}/-/npm/v1/attestations/${one.name}@1.1.0`);
		expect(reply.status).toBe(404);
	});

	test('registry: what is attested has to speak of these bytes', async () => {
		const one = await start();
		const subject = await one.upload(one.publisher());
		const reader = one.publisher({ provenanceMode: 'registry' });
		const [verified] = await reader.verify([subject], 'hidden', registry.context);
		expect(verified?.checks).toContain('published provenance speaks of these bytes');
	});

	test('none: provenance that somebody attached stops the release; one offered again keeps it', async () => {
		const one = await start();
		const subject = await one.upload(one.publisher());
		const reader = one.publisher({ provenanceMode: 'none' });
		const verifying = reader.verify([subject], 'hidden', registry.context);
		await expect(verifying).rejects.toMatchObject({ code: 'NPM_PROVENANCE_UNEXPECTED' });
		await reader.expose([subject], toChange(registry));
		await reader.verify([subject], 'exposed', registry.context);
		expect(registry.context.warnings.join()).toContain('expected no provenance');
	});
});

describe('what everybody gets of a published version', () => {
	const read = (wanted: { readonly name: string; readonly version?: string }) =>
		readPublished(
			{ registry: registry.front.origin, credentials: { authorize: async () => undefined } },
			wanted,
			registry.context,
		);

	test('the default one, with its bytes, what is attested of it, and who built it', async () => {
		const one = await start({ scoped: true });
		const publisher = one.publisher();
		const subject = await one.upload(publisher);
		const before = await read({ name: one.name });
		expect(before).toMatchObject({ version: '1.0.0', attestations: undefined, builder: undefined });
		await publisher.expose([subject], toChange(registry));
		const after = await read({ name: one.name });
		expect(after).toMatchObject({ version: '1.1.0', builder: 'urn:example:builder' });
		expect(Buffer.from(after?.bytes ?? [])).toEqual(Buffer.from(await registry.read(one.artifact)));
		expect(after?.attestations?.map(({ byRegistry }) => byRegistry)).toEqual([true, false]);
		expect(await read({ name: one.name, version: '1.0.0' })).toMatchObject({ version: '1.0.0' });
	});

	test('nothing of what is not there', async () => {
		const { name } = await start();
		expect(await read({ name: `no-${name}` })).toBeUndefined();
		expect(await read({ name, version: '9.9.9' })).toBeUndefined();
	});

	test('bytes that are not those that the registry names are refused', async () => {
		const one = await start();
		registry.front.control.inject({
			when: 'after',
			match: ({ route }) => route.kind === 'tarball',
			fault: { kind: 'reply', reply: { status: 200, headers: {}, body: Buffer.from('other') } },
		});
		await expect(read({ name: one.name })).rejects.toMatchObject({ code: 'NPM_DIGEST_MISMATCH' });
	});
});
