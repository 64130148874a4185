import { resolve } from 'node:path';
import { type Context, SlipwayError } from '@slipway/core';
import type { SignConfig } from '@slipway/core/config';
import type { IdToken, OwnKey, SigningMeans } from '@slipway/sign';
import type { JoinCode, OpenProject } from './project.ts';
import { readPlainFile } from './read-plain-file.ts';
import { openBundleCheck } from './sign-check.ts';

const loadSign = () => import('@slipway/sign');

const readBytes = async (project: OpenProject, path: string, what: string): Promise<Buffer> =>
	readPlainFile(resolve(project.configFolder, path)).catch((cause: unknown) => {
		throw new SlipwayError<JoinCode>('PROJECT_UNREADABLE', `cannot read ${path}: expected ${what}`, {
			hint: 'Put the file there, or correct its name below `sign:` in slipway.yml.',
			cause,
		});
	});

/** The signing services that `sign:` names, or those of the public instance. @throws SlipwayError PROJECT_UNREADABLE, SIGN_SERVICES_INVALID */
export const readSigningServices = async (project: OpenProject, { services }: SignConfig) => {
	const { parseSigningConfig, toPublicSigningConfig } = await loadSign();
	if (services === undefined) return toPublicSigningConfig();
	return parseSigningConfig(await readBytes(project, services, 'a Sigstore signing config'));
};

const readKeyText = async (
	project: OpenProject,
	{ environment, file }: NonNullable<SignConfig['key']>,
): Promise<string> => {
	if (file !== undefined) return (await readBytes(project, file, 'a private key as PEM')).toString('utf8');
	const text = project.door.environment[environment ?? ''];
	if (text) return text;
	throw new SlipwayError<JoinCode>(
		'SIGNING_KEY_MISSING',
		`expected a private key in the variable ${environment}, got none`,
		{ hint: `Set ${environment}, or correct \`sign: key: environment:\` in slipway.yml.` },
	);
};

/** The key of one's own that `sign: key:` names; undefined: keyless. */
const openKey = async (project: OpenProject, { key }: SignConfig): Promise<OwnKey | undefined> => {
	if (!key) return undefined;
	const { readKeySigner } = await loadSign();
	const passphrase = key.passphrase === undefined ? undefined : project.door.environment[key.passphrase];
	if (passphrase) project.door.onSecret?.(passphrase);
	return readKeySigner(await readKeyText(project, key), passphrase);
};

const openIdentity = async (project: OpenProject, { identity }: SignConfig, context: Context) => {
	const { toIdentityToken } = await loadSign();
	const { environment, onSecret } = project.door;
	const file = identity?.file === undefined ? undefined : resolve(project.configFolder, identity.file);
	const place = identity && { environment: identity.environment, file };
	return toIdentityToken({ place, environment, onSecret }, context);
};

const openUpload = async (project: OpenProject, config: SignConfig, context: Context) => {
	if (!config['github-attestations']) return undefined;
	const { createUploader, toAttestationsApi } = await loadSign();
	return createUploader(toAttestationsApi(project.door.environment), context);
};

/** Whoever this job's issuer vouches for, and the services that sign: enough to verify what others of the release signed. */
export const readSigner = async (project: OpenProject, config: SignConfig, context: Context) => {
	const { parseIdToken, toExpectedIssuers } = await loadSign();
	const services = await readSigningServices(project, config);
	const key = await openKey(project, config);
	if (key) return { services, expected: { publicKey: key.publicKey } };
	const token = parseIdToken(await (await openIdentity(project, config, context))());
	return { services, expected: { issuers: toExpectedIssuers(token), identity: undefined } };
};

/** What signs a project: how, as whom, and where the run is that does it. */
export interface OpenMeans extends SigningMeans {
	/** The token of this run, where there is one. */
	readonly token: IdToken | undefined;
}

/**
 * Opens what `sign:` of slipway.yml names: services, identity or key. Nothing is asked of the services yet, but of the
 * one that gives identity tokens.
 * @throws SlipwayError SIGN_*, SIGNING_KEY_MISSING, PROJECT_UNREADABLE, VERIFY_TRUST_INVALID, JSON_*
 */
export const openMeans = async (
	project: OpenProject,
	config: SignConfig,
	context: Context,
): Promise<OpenMeans> => {
	const { openSigner, parseIdToken, toExpectedIdentity, toExpectedIssuers } = await loadSign();
	const services = await readSigningServices(project, config);
	const upload = await openUpload(project, config, context);
	const key = await openKey(project, config);
	if (key) {
		const { hint, publicKey } = key;
		const verify = await openBundleCheck(project, { services, expected: { publicKey } }, context);
		const expected = { kind: 'key', hint, publicKey } as const;
		const open = () => openSigner({ services, key, context, verify });
		return { openSigner: open, expected, upload, verify, token: undefined };
	}
	const identityToken = await openIdentity(project, config, context);
	const token = parseIdToken(await identityToken());
	const identity = toExpectedIdentity(token);
	const signature = { identity, issuers: toExpectedIssuers(token) };
	const verify = await openBundleCheck(project, { services, expected: signature }, context);
	const open = () => openSigner({ services, identityToken, context, verify });
	return { openSigner: open, expected: { kind: 'certificate', identity }, upload, verify, token };
};
