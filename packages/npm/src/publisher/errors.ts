import { SlipwayError } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import type { ReplyClass } from '../registry/classify-reply.ts';
import type { Target } from './target.ts';

type Refusal = Extract<ReplyClass, { readonly message: string }>;

const CODES: Readonly<Record<Refusal['kind'], NpmCode>> = {
	otp: 'NPM_OTP_NEEDED',
	unauthorized: 'NPM_PUBLISH_UNAUTHORIZED',
	blocked: 'NPM_PUBLISH_BLOCKED',
	'not-found': 'NPM_PUBLISH_NOT_FOUND',
	refused: 'NPM_PUBLISH_REFUSED',
};

const TRUSTED =
	"The package's trusted publisher must name this repository, the workflow file that was started and its environment, and allow this action.";

const toHint = (refusal: Refusal, { credentials }: Target): string => {
	const isOidc = credentials.kind.startsWith('oidc');
	const hints: Readonly<Record<Refusal['kind'], string>> = {
		otp: 'Use trusted publishing or staged publishing (`mode: stage`): a one-time password cannot be typed here.',
		unauthorized: isOidc ? TRUSTED : 'Make a new granular token with write access to this package.',
		blocked: `The registry forbids it by policy or scan (look at the mails it sent), or a right is missing. ${isOidc ? TRUSTED : 'Look at the rights of the token.'}`,
		'not-found': isOidc
			? TRUSTED
			: 'A registry also says this to a token it does not accept: check that it is valid for this package and scope.',
		refused:
			refusal.status === 422
				? 'Provenance and `repository.url` in package.json must name the repository that builds.'
				: 'Correct what the registry names; the version number was not used.',
	};
	return hints[refusal.kind];
};

/** The registry refused a publish or stage call: terminal. */
export const toPublishError = (name: string, refusal: Refusal, target: Target): SlipwayError =>
	new SlipwayError<NpmCode>(
		CODES[refusal.kind],
		`${name}: the registry refused it: ${refusal.status} ${refusal.message}`,
		{ hint: toHint(refusal, target) },
	);

/** The registry refused to change a dist-tag or a mark: terminal. */
export const toChangeError = (what: string, refusal: Refusal, target: Target): SlipwayError =>
	new SlipwayError<NpmCode>(
		refusal.kind === 'otp' ? 'NPM_OTP_NEEDED' : 'NPM_CHANGE_REFUSED',
		`${what}: the registry refused it: ${refusal.status} ${refusal.message}`,
		{ hint: toHint(refusal, target) },
	);

/** A change may or may not have happened and reading back did not settle it. Repeating the verb is safe. */
export const toLostError = (what: string, reason: string): SlipwayError =>
	new SlipwayError<NpmCode>('NPM_REPLY_LOST', `${what}: ${reason}, and reading it back shows no effect`, {
		hint: 'Run the same command again: it looks first and changes only what is missing.',
	});

export const toUnreachable = (name: string, reason: string): SlipwayError =>
	new SlipwayError<NpmCode>('NPM_REGISTRY_UNREACHABLE', `${name}: the registry did not answer: ${reason}`, {
		hint: 'Nothing was changed. Run the same command again when the registry can be reached.',
	});
