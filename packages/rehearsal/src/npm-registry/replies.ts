import { type FrontReply, toJsonReply } from './exchange.ts';

// Wordings of the public registry, as its users report them; clients classify by status and message.

/** The version is used up, with whatever bytes. */
export const replyTaken = (version: string): FrontReply =>
	toJsonReply(403, { error: `You cannot publish over the previously published versions: ${version}.` });

/** Accepted earlier: being scanned, or staged by somebody. */
export const replyStaged = (version: string): FrontReply =>
	toJsonReply(409, { error: `Cannot publish over previously staged version "${version}".` });

/** Another write to the same packument was faster. */
export const replyBusy = (): FrontReply =>
	toJsonReply(409, {
		error:
			'Failed to save packument. A common cause is if you try to publish a new package before the previous package has been fully processed.',
	});

export const replyForbidden = (name: string): FrontReply =>
	toJsonReply(403, {
		error: `You do not have permission to publish "${name}". Are you logged in as the correct user?`,
	});

/** Also what a write with a wrong token gets. */
export const replyNotFound = (): FrontReply => toJsonReply(404, { error: 'Not found' });

export const replyNoVersion = (version: string): FrontReply =>
	toJsonReply(404, `version not found: ${version}`);

export const replyNotLoggedIn = (): FrontReply =>
	toJsonReply(401, { error: 'You must be logged in to publish packages.' });

export const replyOtp = (): FrontReply =>
	toJsonReply(
		401,
		{
			error: 'You must provide a one-time pass. Upgrade your client to npm@latest in order to use 2FA.',
		},
		{ 'www-authenticate': 'OTP' },
	);

export const replyProvenance = (reason: string): FrontReply =>
	toJsonReply(422, { error: `Error verifying sigstore provenance bundle: ${reason}` });

export const replyBadRequest = (reason: string): FrontReply => toJsonReply(400, { error: reason });

/** The token exchange of trusted publishing says no more than these two. */
export const replyExchangeRefused = (reason: 'unauthorized' | 'package not found'): FrontReply =>
	toJsonReply(reason === 'unauthorized' ? 401 : 404, {
		message: `OIDC token exchange error - ${reason}`,
	});
