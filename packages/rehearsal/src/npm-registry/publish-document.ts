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

export interface Manifest {
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
	const bundles = attachments.filter(([file]) => file.endsWith('.sigstore'));
	if (!entry || others.length > 0 || !tarball) return 'expected one version and its tarball';
	if (bundles.length > 1 || attachments.length !== 1 + bundles.length)
		return 'expected a tarball and at most one provenance bundle';
	const [version, manifest] = entry;
	if (document.name !== name || manifest.name !== name || manifest.version !== version)
		return 'name and version of the document differ from the address';
	const [bundle] = bundles;
	if (bundle && bundle[0] !== `${name}-${version}.sigstore`)
		return 'the provenance bundle is not named for this version';
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
