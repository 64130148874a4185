import type { ChainSignature, ChainStage, RehearsalChain } from '@slipway/report';
import type { Verification } from './verify-folders.ts';

const toSignature = ({
	path,
	signer,
	signedAt,
	certificate,
}: Verification['attestations'][number]): ChainSignature => ({
	path,
	identity: signer.identity ?? signer.name,
	issuer: signer.issuer,
	signedAt,
	repository: certificate?.sourceRepository ?? null,
	ref: certificate?.sourceRef ?? null,
	commit: certificate?.sourceDigest ?? null,
	run: certificate?.runUrl ?? null,
	runner: certificate?.runnerEnvironment ?? null,
});

const toStage = (verification: Verification, stage: Verification['stages'][number]): ChainStage => {
	const { stages, attestations } = verification;
	const signature = attestations.find(({ path }) => path === stage.signature);
	const { tool, platform } = stage;
	return {
		name: stage.stage,
		path: stage.path,
		sha256: stage.sha256,
		tool: `${tool.name} ${tool.version} on ${platform.os} ${platform.arch}, Node ${platform.node.replace(/^v/, '')}`,
		start: stage.start,
		end: stage.end,
		inputs: stage.inputs,
		outputs: stage.outputs,
		follows: stage.follows.map((path) => ({
			path,
			sha256: stages.find((each) => each.path === path)?.sha256 ?? '',
		})),
		signature: signature ? toSignature(signature) : null,
	};
};

/** What a verification found, for the page. */
export const toChain = (
	verification: Verification,
	{ verifiedWith, offline }: Pick<RehearsalChain, 'verifiedWith' | 'offline'>,
): RehearsalChain => {
	const { project, policy, artifacts, stages, attestations } = verification;
	const toKind = (path: string): string => attestations.find((each) => each.path === path)?.kind ?? 'unknown';
	return {
		project,
		verifiedWith,
		offline,
		policy: policy.sha256,
		artifacts: artifacts.map(({ name, sha256, attestations: paths }) => ({
			name,
			sha256,
			attestations: [...new Set(paths.map(toKind))].sort(),
		})),
		stages: stages.map((stage) => toStage(verification, stage)),
		signatures: attestations.length,
	};
};
