import { type FrontReply, type FrontRequest, toBearer } from './exchange.ts';
import { replyForbidden, replyNotFound, replyNotLoggedIn, replyOtp } from './replies.ts';
import type { FrontState, Grant, Right } from './state.ts';

/** Who asks: the owner, the holder of a limited token, or nobody the registry knows. */
export type Identity =
	| { readonly kind: 'owner' | 'anonymous' | 'stranger' }
	| { readonly kind: 'limited'; readonly grant: Grant };

export const toIdentity = (request: FrontRequest, state: FrontState, ownerToken: string): Identity => {
	const token = toBearer(request);
	if (token === undefined) return { kind: 'anonymous' };
	if (token === ownerToken) return { kind: 'owner' };
	const grant = state.grants.get(token);
	return grant && grant.uses > 0 ? { kind: 'limited', grant } : { kind: 'stranger' };
};

/** The reply to a change that is not allowed, or undefined; a limited token is used up by it. */
export const checkRight = (
	identity: Identity,
	need: { readonly name: string; readonly right: Right },
	state: FrontState,
): FrontReply | undefined => {
	if (identity.kind !== 'limited') {
		if (identity.kind === 'owner') return state.otp ? replyOtp() : undefined;
		return identity.kind === 'anonymous' ? replyNotLoggedIn() : replyNotFound();
	}
	const { grant } = identity;
	if (grant.name !== undefined && grant.name !== need.name) return replyNotFound();
	if (!grant.rights.includes(need.right)) return replyForbidden(need.name);
	grant.uses -= 1;
	return undefined;
};
