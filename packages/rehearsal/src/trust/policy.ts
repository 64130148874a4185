import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { StageName } from '@slipway/core';
import { type Policy, parsePolicy } from '@slipway/core/policy';
import type { Draft } from '../flow/draft.ts';
import type { Project } from '../project/read-project.ts';
import { type Origin, toIdentity } from './identity.ts';

const readOwn = async ({ folder, config }: Project): Promise<Partial<Policy>> => {
	const path = join(folder, config.policy ?? 'slipway.policy.yml');
	const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
		if (cause.code === 'ENOENT' && config.policy === undefined) return undefined;
		throw cause;
	});
	if (bytes === undefined) return {};
	const { policy } = parsePolicy(bytes, path);
	// Its documents lie beside it, and this one lies elsewhere.
	return { ...policy, vex: policy.vex.map((name) => resolve(dirname(path), name)) };
};

/** Stages that leave a record in this rehearsal, up to the gate; what comes later signs itself. */
const toStages = ({ project, isReproduced = false }: Draft): readonly StageName[] => [
	'build',
	...(project.config.test.length > 0 ? (['test'] as const) : []),
	...(isReproduced ? (['reproduce'] as const) : []),
	'sbom',
	'sign',
	'gate',
];

/**
 * The project's own policy with who may sign replaced by the rehearsal's identity, exactly; what it demands of stages and
 * attestations is at least what a rehearsal makes. As JSON, which is YAML.
 * @throws SlipwayError POLICY_*
 */
export const toRehearsedPolicy = async (draft: Draft, origin: Origin, issuer: string): Promise<string> => {
	const own = await readOwn(draft.project);
	const signer = {
		name: 'release workflow',
		issuer,
		identity: toIdentity(origin),
		'source-repository': `https://github.com/${origin.repository}`,
		'source-ref': `refs/tags/v${origin.version}`,
		'runner-environment': 'github-hosted',
		events: ['push'],
	};
	const policy = {
		...own,
		policy: 1,
		signers: [signer],
		protected: 'warn',
		thresholds: { 'transparency-logs': 1, timestamps: 1, 'certificate-logs': 1 },
		require: {
			attestations: ['provenance', 'sbom-cyclonedx', 'sbom-spdx'],
			stages: toStages(draft),
		},
		revocations: [],
	};
	return `${JSON.stringify(policy, null, '\t')}\n`;
};
