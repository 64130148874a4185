/*
 * const sigstore = await startSigstore({ now?, issuer?, claims?, timestampStatus?, logBefore? })
 *   .url .signingConfig .signingConfigV2 .trustedRoot   documents as plain objects
 *   .issuer .token(claims?) .tokenRequest { url, token }  identity tokens; a claim that is null is left out
 *   .faults.inject({ service: 'ca' | 'rekor' | 'rekor-v2' | 'tsa' | 'issuer', fault, times?, after? }) .clear()
 *   .faults.refuse() .accept()                          connection refused, and again accepted
 *   .answer({ path, body, lie?, now? })                 asks in this process, past all faults
 *   .log [{ service, method, path, status, fault }]     every request
 *   .stop()
 * RUN_CLAIMS are the default claims; the identity of a certificate is `https://github.com/` + job_workflow_ref.
 */
export { CA_LIES } from './ca/certificate-authority.ts';
export type { Lie, ServiceName, SigstoreFault, SigstoreFaultRule } from './faults/fault.ts';
export { type Claims, RUN_CLAIMS } from './issuer/claims.ts';
export { REKOR_LIES } from './rekor/rekor-log.ts';
export {
	type LocalSigstore,
	type SigstoreLogEntry,
	type SigstoreOptions,
	type SigstoreQuestion,
	startSigstore,
} from './start-sigstore.ts';
export { TSA_LIES } from './tsa/answer-timestamp.ts';
