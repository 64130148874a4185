import { createHash } from 'node:crypto';

interface Attachment {
	readonly content_type?: string;
	readonly data: string;
	readonly length: number;
}

/** The body of a publish call, in the shape that npm's libnpmpublish sends. */
export interface PublishDocument {
	readonly name: string;
	readonly 'dist-tags': Readonly<Record<string, string>>;
	readonly versions: Readonly<Record<string, Manifest>>;
	readonly _attachments?: Readonly<Record<string, Attachment>>;
}

interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly deprecated?: string;
	readonly repository?: string | { readonly url?: string };
	readonly dist: { readonly integrity?: string; readonly shasum?: string };
}

/** What one publish or stage call wants: one version under one tag, with its bytes and perhaps a bundle. */
export interface Candidate {
	readonly version: string;
	readonly manifest: Manifest;
	readonly tag: string;
	readonly tarball: Buffer;
	readonly bundle: string | undefined;
	/** The document without the bundle: Verdaccio refuses a second attachment. */
	readonly document: Buffer;
}

/** Why the document is not one version with one tarball, or what it wants. */
export const toCandidate = (name: string, document: PublishDocument): Candidate | string => {
	const [entry, ...others] = Object.entries(document.versions ?? {});
	const attachments = Object.entries(document._attachments ?? {});
	const tarball = attachments.find(([file]) => file.endsWith('.tgz'));
	const bundle = attachments.find(([file]) => file.endsWith('.sigstore'));
	if (!entry || others.length > 0 || !tarball) return 'expected one version and its tarball';
	const [version, manifest] = entry;
	if (document.name !== name || manifest.name !== name || manifest.version !== version)
		return 'name and version of the document differ from the address';
	const bytes = Buffer.from(tarball[1].data, 'base64');
	const sha512 = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
	if (manifest.dist?.integrity !== sha512) return 'the tarball is not the one that dist.integrity names';
	return {
		version,
		manifest,
		tag: Object.keys(document['dist-tags'] ?? {})[0] ?? 'latest',
		tarball: bytes,
		bundle: bundle?.[1].data,
		document: Buffer.from(JSON.stringify({ ...document, _attachments: { [tarball[0]]: tarball[1] } })),
	};
};

interface Statement {
	readonly subject?: readonly { readonly digest?: { readonly sha512?: string } }[];
	readonly predicate?: {
		readonly buildDefinition?: {
			readonly externalParameters?: { readonly workflow?: { readonly repository?: string } };
		};
	};
}

const toRepositoryUrl = ({ repository }: Manifest): string =>
	((typeof repository === 'string' ? repository : repository?.url) ?? '')
		.replace(/^git\+/, '')
		.replace(/\.git$/, '');

/** What npm checks of a provenance bundle beside its signature: the tarball's digest and the repository. */
export const findProvenanceProblem = ({ bundle, manifest, tarball }: Candidate): string | undefined => {
	if (bundle === undefined) return undefined;
	const { dsseEnvelope } = JSON.parse(bundle) as { readonly dsseEnvelope?: { readonly payload?: string } };
	const statement = JSON.parse(
		Buffer.from(dsseEnvelope?.payload ?? 'e30=', 'base64').toString(),
	) as Statement;
	const sha512 = createHash('sha512').update(tarball).digest('hex');
	if (statement.subject?.[0]?.digest?.sha512 !== sha512) return 'Failed to validate subject digest';
	const expected = statement.predicate?.buildDefinition?.externalParameters?.workflow?.repository;
	const found = toRepositoryUrl(manifest);
	if (expected === found) return undefined;
	return `Failed to validate repository information: package.json: "repository.url" is "${found}", expected to match "${expected}" from provenance`;
};

export const parseDocument = (body: Buffer): PublishDocument | undefined => {
	try {
		return JSON.parse(body.toString());
	} catch {
		return undefined;
	}
};

/** Whether a document brings a tarball; one without only changes marks of what is there. */
export const hasAttachments = (document: PublishDocument | undefined): boolean =>
	Object.keys(document?._attachments ?? {}).length > 0;
