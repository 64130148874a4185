import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON_COMMANDS } from '../../../scripts/judges/python-tools.ts';
import { toBinPath } from '../../../scripts/judges/stamp.ts';
import type { RealSigstore } from '../sigstore/start.ts';
import { openCosign } from './cosign.ts';
import type { Judge } from './judge.ts';
import { OPENSSL } from './openssl.ts';
import { openSigstoreJs } from './sigstore-js.ts';
import { openSigstorePython } from './sigstore-python.ts';
import { openSlipway } from './slipway.ts';

/** The form in which sigstore-python reads a trusted root. */
const writeTrustConfig = (sigstore: RealSigstore, folder: string): string => {
	const file = join(folder, 'client_trust_config.json');
	const config = {
		mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
		trustedRoot: sigstore.trustedRoot,
		signingConfig: sigstore.toSigningConfig({ log: 'rekor2', timestamps: true }),
	};
	writeFileSync(file, JSON.stringify(config));
	return file;
};

/** Everybody who judges bundles. */
export interface Judges {
	readonly strangers: readonly Judge[];
	readonly slipway: Judge;
	close(): void;
}

export const openJudges = async (sigstore: RealSigstore, folder: string): Promise<Judges> => {
	const python = openSigstorePython(PYTHON_COMMANDS.sigstore, writeTrustConfig(sigstore, folder));
	const strangers = [
		openCosign(toBinPath('cosign'), sigstore.trustedRootFile),
		python,
		openSigstoreJs(sigstore.trustedRoot),
		OPENSSL,
	];
	return { strangers, slipway: await openSlipway(sigstore.trustedRoot), close: () => python.close() };
};
