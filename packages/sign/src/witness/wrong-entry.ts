import { toPrintable } from '@slipway/core';
import { toSignError } from '../code.ts';
import { type ServiceReply, toRefusal } from '../services/call-service.ts';

/** The log answered with something else than what was asked of it. */
export const toWrongEntry = (url: string, expected: string, got: string): Error =>
	toSignError(
		'SIGN_LOG_WRONG',
		`the transparency log ${toPrintable(url, 200)} lies: expected ${expected}, got ${toPrintable(got, 200)}`,
		{ hint: 'Nothing was signed. Ask whoever runs the log; another one can be named in the signing config.' },
	);

export const toRefusedEntry = (url: string, reply: ServiceReply): Error =>
	toSignError(
		'SIGN_LOG_REFUSED',
		`the transparency log ${toPrintable(url, 200)} took no entry: ${toRefusal(reply)}`,
		{
			hint:
				reply.status === 404
					? 'Correct the address or the version of the log in the signing config: nothing answers there.'
					: 'Look at what the log takes: kinds of keys and entries differ between logs. Another log can be named in the signing config.',
		},
	);
