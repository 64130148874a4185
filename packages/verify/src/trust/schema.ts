// A Sigstore trusted root as JSON (protobuf-specs, sigstore_trustroot.proto), with limits. Unknown fields pass: the
// format grows, and its keepers are trusted; what is needed to decide must be there.
import * as v from 'valibot';
import { Base64 } from '../base64.ts';

const KIB = 1024;
const Time = v.pipe(v.string(), v.isoTimestamp());
const Url = v.pipe(v.string(), v.maxLength(2048));

/** The library takes a missing start for 1970: a log that was never meant to be trusted then is trusted. */
const Validity = v.object({ start: Time, end: v.nullish(Time) });

const Log = v.object({
	baseUrl: v.pipe(Url, v.minLength(1)),
	publicKey: v.object({ rawBytes: Base64(4 * KIB), keyDetails: v.string(), validFor: Validity }),
	logId: v.object({ keyId: Base64(64) }),
});

const Authority = v.object({
	uri: v.nullish(Url),
	certChain: v.object({
		certificates: v.pipe(v.array(v.object({ rawBytes: Base64(64 * KIB) })), v.minLength(1), v.maxLength(10)),
	}),
	validFor: Validity,
});

const Some = <S extends v.GenericSchema>(schema: S) =>
	v.nullish(v.pipe(v.array(schema), v.maxLength(64)), []);

export const TrustedRootSchema = v.object({
	mediaType: v.picklist([
		'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
		'application/vnd.dev.sigstore.trustedroot.v0.1+json',
		'application/vnd.dev.sigstore.trustedroot.v0.2+json',
	]),
	tlogs: Some(Log),
	ctlogs: Some(Log),
	certificateAuthorities: Some(Authority),
	timestampAuthorities: Some(Authority),
});
