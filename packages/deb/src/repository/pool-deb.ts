import { toPrintable } from '@slipway/core';
import { toStanza } from '../package/deb822.ts';
import type { Control } from '../package/parse-control.ts';
import { readDebControl } from '../package/read-deb.ts';
import { toAptError } from './error.ts';
import type { Offer } from './offers.ts';
import { type IndexStanza, toSha256 } from './packages-index.ts';
import { type DebIdentity, toPoolPath } from './paths.ts';
import type { Repository } from './repository.ts';

/** The stanza of a .deb in a Packages index: its control fields, and where its bytes are. SHA256 is the only hash. */
export const toPoolStanza = (control: Control, filename: string, bytes: Uint8Array): IndexStanza => {
	const sha256 = toSha256(bytes);
	const text = toStanza([
		...control.stanza,
		['Filename', filename],
		['Size', String(bytes.length)],
		['SHA256', sha256],
	]);
	const { name, version, architecture } = control;
	return { name, version, architecture, sha256, filename, bytes: Buffer.from(`${text}\n`) };
};

/**
 * Reads the control file of a .deb and compares what it says it is with what it is expected to be.
 * @throws SlipwayError APT_ARTIFACT_INVALID, DEB_*
 */
export const readControl = async (bytes: Uint8Array, expected: DebIdentity): Promise<Control> => {
	const control = await readDebControl(bytes);
	const [found, wanted] = [control, expected].map(
		({ name, version, architecture }) => `${name} ${version} ${architecture}`,
	);
	if (found === wanted) return control;
	throw toAptError(
		'APT_ARTIFACT_INVALID',
		`expected the package ${wanted}, got ${toPrintable(found ?? '', 200)} inside of the .deb`,
		'Build the release again: the artifact is not what the manifest says.',
	);
};

const toGone = (path: string) =>
	toAptError(
		'APT_BYTES_MISSING',
		`${path}: expected the .deb, found none`,
		'Upload it again, or choose a release whose bytes are still there.',
	);

const toChanged = (path: string, expected: string, got: string) =>
	toAptError(
		'APT_BYTES_CHANGED',
		`${path}: expected sha256 ${expected}, got ${got}`,
		'Find out who changed the file: a published name and version never gets other bytes.',
	);

/**
 * The stanza of a .deb that lies in the pool, made from the bytes that lie there now.
 * @throws SlipwayError APT_BYTES_MISSING, APT_BYTES_CHANGED, APT_ARTIFACT_INVALID, DEB_*, STORE_*
 */
export const readPoolStanza = async (
	{ store }: Repository,
	place: { readonly component: string; readonly name: string; readonly offer: Offer },
): Promise<IndexStanza> => {
	const identity = { name: place.name, ...place.offer };
	const path = toPoolPath(place.component, identity);
	const found = await store.read(path);
	if (!found) throw toGone(path);
	const sha256 = toSha256(found.bytes);
	if (sha256 !== place.offer.sha256) throw toChanged(path, place.offer.sha256, sha256);
	return toPoolStanza(await readControl(found.bytes, identity), path, found.bytes);
};

/**
 * Checks that the bytes a stanza names are still there, so that the index never offers what cannot be fetched.
 * @throws SlipwayError APT_BYTES_MISSING, APT_BYTES_CHANGED, STORE_*
 */
export const verifyStanzaBytes = async ({ store }: Repository, stanza: IndexStanza): Promise<void> => {
	const found = await store.read(stanza.filename);
	if (!found) throw toGone(stanza.filename);
	const sha256 = toSha256(found.bytes);
	if (sha256 !== stanza.sha256) throw toChanged(stanza.filename, stanza.sha256, sha256);
};
