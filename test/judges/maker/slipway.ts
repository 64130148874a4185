import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSigner, parseSigningConfig, readKeySigner, type StatementSigner } from '@slipway/sign';
import { BUNDLE_KINDS, type BundleKind, STATEMENT_KINDS, toServiceChoice } from '../bundle/kinds.ts';
import type { Party, World } from '../world.ts';
import type { Maker } from './maker.ts';

const CONTEXT = {
	log: { debug: () => {}, info: () => {}, warning: console.warn },
	clock: { now: () => Date.now(), sleep: (ms: number) => sleep(ms) },
	signal: new AbortController().signal,
};

const open = (world: World, kind: BundleKind, party: Party): Promise<StatementSigner> => {
	const config = world.sigstore.toSigningConfig(toServiceChoice(kind));
	const common = { services: parseSigningConfig(JSON.stringify(config)), context: CONTEXT };
	const pair = world.findKey(kind, party);
	if (!pair) return openSigner({ ...common, identityToken: async () => world.toToken(party) });
	return openSigner({ ...common, key: readKeySigner(readFileSync(pair.file, 'utf8')) });
};

/** What signs a release: every statement in every kind of bundle. */
export const toSlipwayMaker = (world: World): Maker => ({
	name: 'slipway',
	kinds: BUNDLE_KINDS,
	statements: STATEMENT_KINDS,
	sign: async (kind, party, statements) => {
		const signer = await open(world, kind, party);
		const bundles: Uint8Array[] = [];
		for await (const bundle of signer.attestAll(statements)) bundles.push(bundle);
		return bundles;
	},
});
