import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, readRelease } from '@slipway/archive';
import { type Json, MEDIA_TYPES, parseJson, SlipwayError, type Source } from '@slipway/core';
import { BUNDLE_SUFFIX } from '@slipway/core/attestation';
import type { GitHubCode, ReleaseFile, Signer } from '@slipway/github';
import * as v from 'valibot';
import type { OpenProject } from './project.ts';

type Folder = Pick<OpenProject, 'releaseFolder'>;

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const ifThere = async <T>(task: Promise<T>): Promise<T | undefined> => {
	try {
		return await task;
	} catch (error) {
		if (isMissing(error) || isMissing((error as Error).cause)) return undefined;
		throw error;
	}
};

/** Where the bytes of the Release come from; undefined where none lies here. */
export const readSource = async ({ releaseFolder }: Folder): Promise<Source | undefined> =>
	(await ifThere(readRelease(releaseFolder)))?.manifest.source;

/** Made after the files went up, or by other hands: they are no part of what is sealed. */
const isLate = (name: string): boolean => /^(stage-(plan|publish)-|revocation-|vsa)/.test(name);

const changed = (name: string): SlipwayError =>
	new SlipwayError<GitHubCode>(
		'GITHUB_ARTIFACT_CHANGED',
		`${name}: expected the bytes read before, got others`,
		{
			hint: 'Let nothing else write into the Release folder, and run the same command again.',
		},
	);

const toFile = async (path: string, name: string): Promise<ReleaseFile> => {
	const { size, digest } = hashBytes(await readFile(path));
	const mediaType = name.endsWith('.json') ? 'application/json' : MEDIA_TYPES.file;
	const read = async () => {
		const bytes = await readFile(path);
		if (hashBytes(bytes).digest.sha256 === digest.sha256) return bytes;
		throw changed(name);
	};
	return { name, mediaType, size, digest: { sha256: digest.sha256 }, read };
};

const readNames = async (folder: string, suffix: string): Promise<readonly string[]> => {
	const entries = (await ifThere(readdir(folder, { withFileTypes: true }))) ?? [];
	return entries
		.filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
		.map(({ name }) => name)
		.sort();
};

/** What goes along with the artifacts of a Release: its SBOMs, SHA256SUMS and the bundles of attestations/. */
export const readExtras = async ({ releaseFolder }: Folder): Promise<readonly ReleaseFile[]> => {
	const sboms = await readNames(join(releaseFolder, 'sbom'), '.json');
	const bundles = await readNames(join(releaseFolder, 'attestations'), BUNDLE_SUFFIX);
	const sums = await readNames(releaseFolder, 'SHA256SUMS');
	const paths = [
		...sums.map((name) => [releaseFolder, name] as const),
		...sboms.map((name) => [join(releaseFolder, 'sbom'), name] as const),
		...bundles
			.filter((name) => !isLate(name))
			.map((name) => [join(releaseFolder, 'attestations'), name] as const),
	];
	const files: ReleaseFile[] = [];
	for (const [folder, name] of paths) files.push(await toFile(join(folder, name), name));
	return files.filter(({ size }) => size > 0);
};

const Signed = v.object({
	verificationMaterial: v.object({ certificate: v.object({ rawBytes: v.string() }) }),
});

/** Fulcio's extensions: 1.3.6.1.4.1.57264.1.8 is the issuer as a DER UTF8String. */
const ISSUER_OID = Buffer.from('060a2b0601040183bf300108', 'hex');

const readIssuer = (der: Buffer): string | undefined => {
	const at = der.indexOf(ISSUER_OID);
	const text =
		at === -1 ? '' : der.subarray(at + ISSUER_OID.length, at + ISSUER_OID.length + 500).toString('latin1');
	// OCTET STRING, then UTF8String, each with a short length: the issuer is a URL of less than 128 characters.
	const length = text.charCodeAt(3);
	return text.charCodeAt(0) === 4 && text.charCodeAt(2) === 12 ? text.slice(4, 4 + length) : undefined;
};

const readSubject = (der: Buffer): string => {
	try {
		return new X509Certificate(der).subjectAltName ?? '';
	} catch {
		return ''; // no certificate that anybody could read: the notes name no signer
	}
};

const toSigner = (json: Json): Signer | undefined => {
	const parsed = v.safeParse(Signed, json);
	if (!parsed.success) return undefined;
	const der = Buffer.from(parsed.output.verificationMaterial.certificate.rawBytes, 'base64');
	const [, identity] = /^URI:([^,\s]+)$/.exec(readSubject(der)) ?? [];
	const issuer = readIssuer(der);
	return identity && issuer ? { identity, issuer } : undefined;
};

/** As whom the provenance was signed, for the commands in the notes; nothing is verified here. */
export const readSigner = async ({ releaseFolder }: Folder): Promise<Signer | undefined> => {
	const path = join(releaseFolder, 'attestations', `provenance${BUNDLE_SUFFIX}`);
	const bytes = await ifThere(readFile(path));
	return bytes && toSigner(parseJson(bytes, 'the provenance bundle'));
};
