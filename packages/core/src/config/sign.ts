import * as v from 'valibot';
import { EnvironmentName, Text } from './text.ts';

const SecretSource = (what: string) =>
	v.pipe(
		v.strictObject({
			environment: v.optional(v.pipe(EnvironmentName, v.description(`Variable that holds ${what}.`))),
			file: v.optional(v.pipe(Text, v.description(`File that holds ${what}.`))),
			passphrase: v.optional(v.pipe(EnvironmentName, v.description('Variable that holds its passphrase.'))),
		}),
		v.check(
			(source) => (source.environment === undefined) !== (source.file === undefined),
			'expected one of environment and file',
		),
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
				'A Sigstore trusted root (JSON), to verify without a network. Default: the public one, through TUF.',
			),
		),
	),
	identity: v.optional(
		v.pipe(
			SecretSource('the OIDC token'),
			v.description("Where the identity token comes from. Default: the runner's OIDC service."),
		),
	),
	key: v.optional(
		v.pipe(
			SecretSource('the private key (PEM)'),
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
