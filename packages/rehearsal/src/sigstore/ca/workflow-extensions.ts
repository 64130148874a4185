import { toExtension } from '../asn1/certificate.ts';
import { type Der, toElement, toSequence, toUtf8 } from '../asn1/der.ts';
import type { Claims } from '../issuer/claims.ts';

const ARC = '1.3.6.1.4.1.57264.1';
const SERVER = 'https://github.com';

/** Claims that Fulcio's template for GitHub names; a token without one is refused. */
const REQUIRED = [
	'event_name',
	'job_workflow_ref',
	'job_workflow_sha',
	'ref',
	'repository',
	'repository_id',
	'repository_owner',
	'repository_owner_id',
	'repository_visibility',
	'run_attempt',
	'run_id',
	'runner_environment',
	'sha',
	'sub',
	'workflow',
	'workflow_ref',
	'workflow_sha',
] as const;

/** A claim without which there is no certificate and that is not there. */
export const findMissingClaim = (claims: Claims): string | undefined =>
	REQUIRED.find((name) => typeof claims[name] !== 'string');

/** The identity: URL of the workflow file that runs the job, with its ref. */
export const toIdentity = (claims: Claims): string => `${SERVER}/${claims.job_workflow_ref}`;

/** Subject alternative name, one URI; critical, for the subject is empty (RFC 5280, 4.1.2.6). */
export const toAlternativeName = (uri: string): Der =>
	toExtension('2.5.29.17', toSequence(toElement(0x86, Buffer.from(uri))), true);

/** The first six are raw texts, all others UTF8String (Fulcio, oid-info.md). */
const toValues = (claims: Claims): readonly (readonly [number, string])[] => {
	const say = (name: string) => String(claims[name]);
	const run = `${SERVER}/${say('repository')}/actions/runs/${say('run_id')}/attempts/${say('run_attempt')}`;
	return [
		[1, say('iss')],
		[2, say('event_name')],
		[3, say('sha')],
		[4, say('workflow')],
		[5, say('repository')],
		[6, say('ref')],
		[8, say('iss')],
		[9, `${SERVER}/${say('job_workflow_ref')}`],
		[10, say('job_workflow_sha')],
		[11, say('runner_environment')],
		[12, `${SERVER}/${say('repository')}`],
		[13, say('sha')],
		[14, say('ref')],
		[15, say('repository_id')],
		[16, `${SERVER}/${say('repository_owner')}`],
		[17, say('repository_owner_id')],
		[18, `${SERVER}/${say('workflow_ref')}`],
		[19, say('workflow_sha')],
		[20, say('event_name')],
		[21, run],
		[22, say('repository_visibility')],
	];
};

export const toWorkflowExtensions = (claims: Claims): readonly Der[] =>
	toValues(claims).map(([arc, text]) =>
		toExtension(`${ARC}.${arc}`, arc <= 6 ? Buffer.from(text) : toUtf8(text)),
	);
