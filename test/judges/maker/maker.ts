import type { Statement } from '@slipway/core/attestation';
import type { SignedPair } from '../bundle/exhibit.ts';
import { type BundleKind, type StatementKind, toRow } from '../bundle/kinds.ts';
import { toJudgedStatements } from '../bundle/statements.ts';
import { PARTIES, type Party, type World } from '../world.ts';

/** A program or library that signs statements. */
export interface Maker {
	readonly name: string;
	/** What it can make. */
	readonly kinds: readonly BundleKind[];
	readonly statements: readonly StatementKind[];
	/** Signs the statements, in their order. */
	sign(kind: BundleKind, party: Party, statements: readonly Statement[]): Promise<readonly Uint8Array[]>;
}

const signKind = async (maker: Maker, kind: BundleKind, world: World): Promise<SignedPair[]> => {
	const statements = toJudgedStatements(maker.statements, world);
	const signed = await Promise.all(PARTIES.map((party) => maker.sign(kind, party, statements)));
	const [ours = [], others = []] = signed;
	return maker.statements.map((statement, index) => {
		const [bundle, other] = [ours[index], others[index]];
		if (!bundle || !other) throw new Error(`expected ${maker.name} to sign ${statement}, ${toRow(kind)}`);
		return { statement, kind, bundle, other, expected: world.toExpected(kind) };
	});
};

/** Everything that it can make, each by both parties. */
export const makeAll = async (maker: Maker, world: World): Promise<readonly SignedPair[]> =>
	(await Promise.all(maker.kinds.map((kind) => signKind(maker, kind, world)))).flat();
