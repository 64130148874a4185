import { type BundleWithDsseEnvelope, bundleToJSON } from '@sigstore/bundle';

type InclusionProof = BundleWithDsseEnvelope['verificationMaterial']['tlogEntries'][number]['inclusionProof'];

/** Protobuf's JSON form leaves out what is 0 or empty; sigstore-python refuses a bundle without them. */
const toEntryJson = (
	json: object,
	{ logIndex, inclusionProof }: { readonly logIndex: string; readonly inclusionProof: InclusionProof },
): object => ({
	...json,
	logIndex,
	...(inclusionProof && {
		inclusionProof: {
			logIndex: inclusionProof.logIndex,
			rootHash: inclusionProof.rootHash.toString('base64'),
			treeSize: inclusionProof.treeSize,
			hashes: inclusionProof.hashes.map((hash) => hash.toString('base64')),
			checkpoint: { envelope: inclusionProof.checkpoint?.envelope ?? '' },
		},
	}),
});

/** The bytes of a bundle file: Sigstore bundle v0.3 as JSON, with `logIndex` also where it is 0. */
export const toBundleBytes = (bundle: BundleWithDsseEnvelope): Uint8Array => {
	const json = bundleToJSON(bundle) as { readonly verificationMaterial: { readonly tlogEntries?: object[] } };
	const tlogEntries = bundle.verificationMaterial.tlogEntries.map((entry, index) =>
		toEntryJson(json.verificationMaterial.tlogEntries?.[index] ?? {}, entry),
	);
	const verificationMaterial = { ...json.verificationMaterial, tlogEntries };
	return Buffer.from(JSON.stringify({ ...json, verificationMaterial }));
};
