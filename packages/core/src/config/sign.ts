import * as v from 'valibot';
import { EnvironmentName, Text } from './text.ts';

const variable = (what: string) =>
	v.optional(v.pipe(EnvironmentName, v.description(`Variable that holds ${what}.`)));
const file = (what: string) => v.optional(v.pipe(Text, v.description(`File that holds ${what}.`)));
const ONE_PLACE = 'expected one of environment and file';

const Token = v.pipe(
	v.strictObject({ environment: variable('the OIDC token'), file: file('the OIDC token') }),
	v.check((token) => (token.environment === undefined) !== (token.file === undefined), ONE_PLACE),
);

const PrivateKey = v.pipe(
	v.strictObject({
		environment: variable('the private key (PEM)'),
		file: file('the private key (PEM)'),
		passphrase: variable('its passphrase'),
	}),
	v.check((key) => (key.environment === undefined) !== (key.file === undefined), ONE_PLACE),
);

/** How artifacts and stage records are signed. Without it a release is not signed, and says so. */
export const Sign = v.strictObject({
	services: v.optional(
		v.pipe(
			Text,
			v.description(
				'A Sigstore SigningConfig v0.2 (JSON) that names the services. Default: the public instance.',
			),
		),
	),
	'trusted-root': v.optional(
		v.pipe(
			Text,
			v.description(
				'A Sigstore trusted root (JSON): what is signed is verified by it at once. Whoever verifies later goes by the root of the policy. Default: the public one, through TUF.',
			),
		),
	),
	identity: v.optional(
		v.pipe(Token, v.description("Where the identity token comes from. Default: the runner's OIDC service.")),
	),
	key: v.optional(
		v.pipe(
			PrivateKey,
			v.description('A key of your own instead of an identity, where keyless signing is impossible.'),
		),
	),
	provenance: v.optional(
		v.pipe(
			v.picklist(['own', 'registry', 'none']),
			v.description(
				'npm provenance: own: the statement made here is passed as a file. registry: left to npm. none: without.',
			),
		),
		'own',
	),
	'github-attestations': v.optional(
		v.pipe(v.boolean(), v.description("Upload the bundles to GitHub's attestations API too.")),
		false,
	),
});
export type SignConfig = v.InferOutput<typeof Sign>;
