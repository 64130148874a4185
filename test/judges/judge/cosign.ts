import { dirname } from 'node:path';
import type { Exhibit } from '../bundle/exhibit.ts';
import { hasLog, hasTimestamp } from '../bundle/kinds.ts';
import { ask } from './ask.ts';
import { ACCEPTS, type Judge, REFUSES } from './judge.ts';

const toSignerArguments = ({ expected }: Exhibit): string[] =>
	expected.publicKeyFile === undefined
		? ['--certificate-identity', expected.identity, '--certificate-oidc-issuer', expected.issuer]
		: ['--key', expected.publicKeyFile];

/** What the kind of bundle has, cosign is to demand. */
const toWitnessArguments = ({ kind }: Exhibit): string[] => [
	...(hasLog(kind) ? [] : ['--insecure-ignore-tlog']),
	...(hasTimestamp(kind) ? ['--use-signed-timestamps'] : []),
];

const expectOf = ({ tampering }: Exhibit) => (tampering === 'as made' ? ACCEPTS : REFUSES);

/** `cosign verify-blob-attestation`, a process each. */
export const openCosign = (program: string, trustedRootFile: string): Judge => ({
	name: 'cosign',
	expect: expectOf,
	look: (exhibit) =>
		ask(
			[
				program,
				'verify-blob-attestation',
				'--trusted-root',
				trustedRootFile,
				'--bundle',
				exhibit.file,
				'--type',
				exhibit.predicateType,
				...toSignerArguments(exhibit),
				...toWitnessArguments(exhibit),
				exhibit.subject.file,
			],
			{ cwd: dirname(exhibit.file) },
		),
});
