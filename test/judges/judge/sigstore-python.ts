import { dirname, join } from 'node:path';
import type { Exhibit } from '../bundle/exhibit.ts';
import { hasLog, isKeyless } from '../bundle/kinds.ts';
import type { Expectation } from '../trial.ts';
import { toFinding } from './ask.ts';
import { ACCEPTS, cannotJudge, type Judge, REFUSES } from './judge.ts';
import { startPythonLoop } from './python-loop.ts';

const expectOf = ({ kind, subject, tampering }: Exhibit): Expectation => {
	if (!isKeyless(kind)) return cannotJudge('it knows no keys, only certificates');
	if (subject.algorithm !== 'sha256')
		return cannotJudge('it compares subjects by sha256 alone, npm names sha512');
	if (!hasLog(kind)) return cannotJudge('it reads no bundle without a log entry');
	if (kind.witnesses === 'Rekor v1 + TSA' && tampering.startsWith('timestamp '))
		return {
			...ACCEPTS,
			because: 'passes over a timestamp that does not hold where Rekor v1 promises a time',
		};
	return tampering === 'as made' ? ACCEPTS : REFUSES;
};

export interface ClosableJudge extends Judge {
	close(): void;
}

/**
 * `sigstore verify identity`.
 * @param trustConfigFile a client trust config: the trusted root and a signing configuration in one
 */
export const openSigstorePython = (program: string, trustConfigFile: string): ClosableJudge => {
	const loop = startPythonLoop(join(dirname(program), 'python'), dirname(trustConfigFile));
	return {
		name: 'sigstore-python',
		expect: expectOf,
		look: async ({ file, expected, subject }) => {
			const identity = ['--cert-identity', expected.identity, '--cert-oidc-issuer', expected.issuer];
			const command = ['--trust-config', trustConfigFile, 'verify', 'identity', '--bundle', file];
			return toFinding(await loop.ask([...command, ...identity, subject.file]));
		},
		close: () => loop.stop(),
	};
};
