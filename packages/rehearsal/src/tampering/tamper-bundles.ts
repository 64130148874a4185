import { type Forgery, forgeBundle } from './forge-bundle.ts';
import type { ReleaseCopy } from './release-copy.ts';
import type { Means, Tampering } from './tampering.ts';

const PROVENANCE = 'attestations/provenance.sigstore.json';
const OTHER = 'attestations/SHA256SUMS.sigstore.json';

interface Bundle {
	readonly verificationMaterial: {
		readonly tlogEntries: readonly object[];
		readonly timestampVerificationData: object;
	};
	readonly dsseEnvelope: { readonly payload: string; readonly signatures: readonly object[] };
}

const readBundle = async (copy: ReleaseCopy, path: string): Promise<Bundle> =>
	JSON.parse(await copy.readText(path));

const readPayload = async (copy: ReleaseCopy, path: string): Promise<Buffer> =>
	Buffer.from((await readBundle(copy, path)).dsseEnvelope.payload, 'base64');

/** A change of the provenance bundle, where there is one and another to take parts from. */
const change =
	(apply: (copy: ReleaseCopy, means: Means) => Promise<void>): Tampering['apply'] =>
	async (copy, means) => {
		if (!(await copy.has(PROVENANCE)) || !(await copy.has(OTHER))) return undefined;
		await apply(copy, means);
		return [PROVENANCE];
	};

/** The same bundle with other verification material. */
const changeMaterial = (
	toMaterial: (own: Bundle, other: Bundle) => Partial<Bundle['verificationMaterial']>,
) =>
	change(async (copy) => {
		const [own, other] = [await readBundle(copy, PROVENANCE), await readBundle(copy, OTHER)];
		const verificationMaterial = { ...own.verificationMaterial, ...toMaterial(own, other) };
		await copy.write(PROVENANCE, JSON.stringify({ ...own, verificationMaterial }));
	});

/** The same statement, signed again by somebody else or in another way. */
const resign = (toForgery: (means: Means) => Omit<Forgery, 'payload'>) =>
	change(async (copy, means) => {
		const payload = await readPayload(copy, PROVENANCE);
		await copy.write(PROVENANCE, await forgeBundle(means.sigstore, { payload, ...toForgery(means) }));
	});

const HOUR = 3_600_000;
const STRANGER = 'mallory/greet/.github/workflows/release.yml@refs/tags/v1.0.0';

const toMain = (reference: unknown): string => String(reference).replace(/@.*$/, '@refs/heads/main');

const IDENTITIES: readonly Tampering[] = [
	{
		id: 'signer-workflow',
		what: 'the provenance was signed again by the workflow of another repository',
		apply: resign(({ claims }) => ({
			claims: { ...claims, repository: 'mallory/greet', job_workflow_ref: STRANGER, workflow_ref: STRANGER },
		})),
	},
	{
		id: 'signer-ref',
		what: 'the provenance was signed again by the same workflow on a branch',
		apply: resign(({ claims }) => ({
			claims: {
				...claims,
				ref: 'refs/heads/main',
				job_workflow_ref: toMain(claims.job_workflow_ref),
				workflow_ref: toMain(claims.workflow_ref),
			},
		})),
	},
	{
		id: 'signer-runner',
		what: 'the provenance was signed again on a self-hosted runner',
		apply: resign(({ claims }) => ({ claims: { ...claims, runner_environment: 'self-hosted' } })),
	},
	{
		id: 'signer-authority',
		what: 'the certificate was issued by an unknown authority',
		apply: resign(({ claims }) => ({ claims, lie: 'other-authority' })),
	},
];

const CERTIFICATES: readonly Tampering[] = [
	{
		id: 'certificate-expired',
		what: 'the signature was made an hour after its certificate',
		apply: resign(({ claims }) => ({ claims, age: HOUR })),
	},
	{
		id: 'certificate-unlogged',
		what: 'the certificate is in no certificate log',
		apply: resign(({ claims }) => ({ claims, lie: 'no-log' })),
	},
	{
		id: 'certificate-other-log',
		what: 'the certificate is in an unknown certificate log',
		apply: resign(({ claims }) => ({ claims, lie: 'other-log' })),
	},
];

const WITNESSES: readonly Tampering[] = [
	{
		id: 'log-gone',
		what: 'the entry of the transparency log was taken out',
		apply: changeMaterial(() => ({ tlogEntries: [] })),
	},
	{
		id: 'log-other',
		what: "another signature's log entry took the place of this one's",
		apply: changeMaterial((_, other) => ({ tlogEntries: other.verificationMaterial.tlogEntries })),
	},
	{
		id: 'timestamp-gone',
		what: 'the timestamp was taken out',
		apply: changeMaterial(() => ({ timestampVerificationData: { rfc3161Timestamps: [] } })),
	},
	{
		id: 'timestamp-other',
		what: "another signature's timestamp took the place of this one's",
		apply: changeMaterial((_, { verificationMaterial }) => ({
			timestampVerificationData: verificationMaterial.timestampVerificationData,
		})),
	},
];

/** The statement with one thing in it replaced. */
const editPayload = (edit: (text: string) => string) =>
	change(async (copy) => {
		const payload = (await readPayload(copy, PROVENANCE)).toString();
		const own = await readBundle(copy, PROVENANCE);
		const edited = Buffer.from(edit(payload)).toString('base64');
		await copy.write(
			PROVENANCE,
			JSON.stringify({ ...own, dsseEnvelope: { ...own.dsseEnvelope, payload: edited } }),
		);
	});

const STATEMENTS: readonly Tampering[] = [
	{
		id: 'subject-swapped',
		what: 'the signed statement got another digest as its subject',
		apply: editPayload((text) => text.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${'0'.repeat(64)}"`)),
	},
	{
		id: 'replayed',
		what: 'rightly signed provenance of another version took the place of this one',
		apply: change(async (copy, { sigstore, claims }) => {
			const text = (await readPayload(copy, PROVENANCE)).toString();
			const older = text.replace(/"sha256":"[0-9a-f]{64}"/g, `"sha256":"${'ab'.repeat(32)}"`);
			const payload = Buffer.from(
				older.replace(/"sha512":"[0-9a-f]{128}"/g, `"sha512":"${'ab'.repeat(64)}"`),
			);
			await copy.write(PROVENANCE, await forgeBundle(sigstore, { payload, claims }));
		}),
	},
	{
		id: 'signature-added',
		what: 'a second signature was put beside the first',
		apply: change(async (copy) => {
			const { dsseEnvelope, ...own } = await readBundle(copy, PROVENANCE);
			const signatures = [...dsseEnvelope.signatures, ...dsseEnvelope.signatures];
			await copy.write(PROVENANCE, JSON.stringify({ ...own, dsseEnvelope: { ...dsseEnvelope, signatures } }));
		}),
	},
];

const FILES: readonly Tampering[] = [
	{
		id: 'provenance-gone',
		what: 'the provenance was taken out',
		apply: async (copy, { artifacts }) => {
			if (!(await copy.has(PROVENANCE))) return undefined;
			await copy.remove(PROVENANCE);
			return [PROVENANCE, ...artifacts.map(({ path }) => path)];
		},
	},
	{
		id: 'bundle-swapped',
		what: 'the bundle of the checksums took the place of the provenance',
		apply: change((copy) => copy.replace(PROVENANCE, OTHER)),
	},
	{
		id: 'bundle-garbage',
		what: 'the provenance bundle was cut off',
		apply: change((copy) => copy.edit(PROVENANCE, (text) => text.slice(0, text.length >> 1))),
	},
	{
		id: 'bundle-added',
		what: 'a bundle that belongs to nothing was put beside the others',
		apply: async (copy) => {
			if (!(await copy.has(OTHER))) return undefined;
			await copy.replace('attestations/added.sigstore.json', OTHER);
			return ['attestations/added.sigstore.json'];
		},
	},
];

/** Bundles: who signed, with which certificate, seen by which witnesses, saying what. */
export const BUNDLES: readonly Tampering[] = [
	...IDENTITIES,
	...CERTIFICATES,
	...WITNESSES,
	...STATEMENTS,
	...FILES,
];
