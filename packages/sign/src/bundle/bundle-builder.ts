import type { BundleWithDsseEnvelope } from '@sigstore/bundle';
import type { Signature, Signer, Witness } from '@sigstore/sign';
// The builder alone: the package's entry loads an HTTP stack (700 kB, 150 ms) that is not used here.
import { DSSEBundleBuilder } from '@sigstore/sign/dist/bundler/dsse.js';

/**
 * The library's builder of DSSE bundles, with an empty `keyid` in the envelope: it would copy the hint of a plain key there,
 * and cosign takes nothing else than its own kind of id or none.
 */
class EmptyKeyIdBuilder extends DSSEBundleBuilder {
	protected override async package(
		artifact: Parameters<DSSEBundleBuilder['create']>[0],
		signature: Signature,
	): Promise<BundleWithDsseEnvelope> {
		const bundle = await super.package(artifact, signature);
		for (const each of bundle.content.dsseEnvelope.signatures) each.keyid = '';
		return bundle;
	}
}

/** Signs a payload and has it witnessed by all at once. */
export type BuildBundle = (payload: Buffer, payloadType: string) => Promise<BundleWithDsseEnvelope>;

export const createBundleBuilder = (signer: Signer, witnesses: readonly Witness[]): BuildBundle => {
	const builder = new EmptyKeyIdBuilder({ signer, witnesses: [...witnesses] });
	return (data, type) => builder.create({ data, type });
};
