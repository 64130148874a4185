import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority } from './authority.ts';
import { type Claims, toClaims, toIdentity, toWorkflow } from './claims.ts';
import { logFirstEntries } from './first-entry.ts';
import { startIssuer } from './issuer.ts';
import { type KeyPair, writeKeyPair } from './keys.ts';
import { startRekorTiles } from './rekor-tiles.ts';
import {
	type Stand,
	startFulcio,
	startMemoryLog,
	startRekorServer,
	startTimestampAuthority,
} from './servers.ts';
import { type ServiceChoice, type Services, toSigningConfig, toTrustedRoot } from './trust.ts';

/** The real servers of Sigstore on loopback, all of them new: keys, logs and certificates are gone when it stops. */
export interface RealSigstore {
	readonly trustedRoot: object;
	readonly trustedRootFile: string;
	readonly issuer: string;
	/** Subject alternative name in the certificates of the usual token. */
	readonly identity: string;
	readonly urls: {
		readonly rekor1: string;
		readonly rekor2: string;
		readonly fulcio: string;
		readonly tsa: string;
	};
	toSigningConfig(choice: ServiceChoice): object;
	/** A token of the workflow in that file, `release.yml` unless said otherwise. */
	toToken(workflowFile?: string): string;
	/** A token of a run whose claims differ so. */
	toTokenWith(claims: Claims): string;
	stop(): Promise<void>;
}

const splitPem = (text: string): string[] =>
	text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

const readFulcioChain = async (url: string): Promise<string[]> => {
	const answer = (await (await fetch(`${url}/api/v2/trustBundle`)).json()) as {
		chains: readonly { certificates: string[] }[];
	};
	return answer.chains[0]?.certificates ?? [];
};

const readTsaChain = async (url: string): Promise<string[]> =>
	splitPem(await (await fetch(`${url}/api/v1/timestamp/certchain`)).text());

interface StartedServers {
	readonly services: Services;
	readonly issuer: Awaited<ReturnType<typeof startIssuer>>;
	stop(): Promise<void>;
}

const startServers = async (stand: Stand): Promise<StartedServers> => {
	const toKey = (name: string, kind: Parameters<typeof writeKeyPair>[2]): KeyPair =>
		writeKeyPair(stand.folder, name, kind);
	const stops: (() => Promise<void>)[] = [];
	const keep = async <Server extends { stop(): Promise<void> }>(
		starting: Promise<Server>,
	): Promise<Server> => {
		const server = await starting;
		stops.unshift(() => server.stop());
		return server;
	};
	const stop = async () => {
		for (const end of stops) await end();
	};
	try {
		const authority = await makeAuthority(stand.folder);
		const [ctKey, rekor1Key] = [toKey('ct-log', 'P-256'), toKey('rekor1', 'P-256')];
		const issuer = await keep(startIssuer(toKey('issuer', 'RSA-2048')));
		const log = await keep(startMemoryLog(stand, ctKey, authority));
		const [fulcio, rekor1, rekor2, tsa] = await Promise.all([
			keep(startFulcio(stand, { issuer: issuer.url, ctLog: log.url, authority })),
			keep(startRekorServer(stand, rekor1Key, log)),
			keep(startRekorTiles(stand.toProgram('rekor-tiles'), stand.folder, toKey('rekor2', 'ed25519'))),
			keep(startTimestampAuthority(stand)),
		]);
		await logFirstEntries(rekor1.url, rekor2.url);
		const services: Services = {
			issuer: issuer.url,
			fulcio: fulcio.url,
			ctLog: { url: log.url, key: ctKey },
			rekor1: { url: rekor1.url, key: rekor1Key },
			rekor2,
			tsa: `${tsa.url}/api/v1/timestamp`,
			fulcioChain: await readFulcioChain(fulcio.url),
			tsaChain: await readTsaChain(tsa.url),
			start: new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, ''),
		};
		return { services, issuer, stop };
	} catch (error) {
		await stop();
		throw error;
	}
};

/** Starts Fulcio, its CT log, Rekor v1, Rekor v2 and a timestamp authority; about 2 s. */
export const startRealSigstore = async (
	folder: string,
	toProgram: (name: string) => string,
): Promise<RealSigstore> => {
	mkdirSync(folder, { recursive: true });
	const { services, issuer, stop } = await startServers({ folder, toProgram });
	const trustedRoot = toTrustedRoot(services);
	const trustedRootFile = join(folder, 'trusted_root.json');
	writeFileSync(trustedRootFile, JSON.stringify(trustedRoot));
	const { rekor1, rekor2, fulcio, tsa } = services;
	return {
		trustedRoot,
		trustedRootFile,
		issuer: services.issuer,
		identity: toIdentity(),
		urls: { rekor1: rekor1.url, rekor2: rekor2.url, fulcio, tsa },
		toSigningConfig: (choice) => toSigningConfig(services, choice),
		toToken: (file) => issuer.toToken(toClaims(services.issuer, toWorkflow(file))),
		toTokenWith: (claims) => issuer.toToken({ ...toClaims(services.issuer), ...claims }),
		stop,
	};
};
