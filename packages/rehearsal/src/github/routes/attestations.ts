import { parseJson } from '@slipway/core';
import {
	type Answer,
	type Call,
	type Fields,
	Refusal,
	type Route,
	readFields,
	toText,
} from '../server/call.ts';
import { toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyInvalid, replyNotFound } from '../server/replies.ts';
import { open, route, toRoute, write } from '../server/routing.ts';

interface Statement {
	readonly predicateType?: string;
	readonly subject?: readonly { readonly digest?: { readonly sha256?: string } }[];
}

/** The in-toto statement inside of a Sigstore bundle. @throws Refusal */
const readStatement = (bundle: Fields): Statement => {
	const payload = toText((bundle.dsseEnvelope as Fields | undefined)?.payload);
	try {
		return parseJson(Buffer.from(payload ?? '', 'base64'), 'the statement') as Statement;
	} catch {
		throw new Refusal(replyInvalid({ resource: 'Attestation', code: 'invalid', field: 'bundle' }));
	}
};

const create: Answer = (call) => {
	const { bundle } = readFields(call);
	if (typeof bundle !== 'object' || bundle === null)
		return replyInvalid({ resource: 'Attestation', code: 'missing_field', field: 'bundle' });
	const { subject = [], predicateType = '' } = readStatement(bundle as Fields);
	const digests = subject.flatMap(({ digest }) => (digest?.sha256 ? [`sha256:${digest.sha256}`] : []));
	if (digests.length === 0)
		return replyInvalid({ resource: 'Attestation', code: 'invalid', field: 'bundle' });
	const id = call.nextId();
	call.repository.attestations.push({ id, digests, predicateType, bundle });
	return toJsonReply(201, { id });
};

const list: Answer = (call) => {
	const { repository, params, request, origin } = call;
	const wanted = request.query.get('predicate_type');
	const found = repository.attestations.filter(
		({ digests, predicateType }) =>
			digests.includes(params.digest ?? '') && (wanted === null || predicateType === wanted),
	);
	if (found.length === 0) return replyNotFound();
	const { items, headers } = toPage(found, request, origin);
	const attestations = items.map(({ bundle }) => ({
		bundle,
		repository_id: repository.id,
		bundle_url: null,
	}));
	return toJsonReply(200, { attestations }, headers);
};

/** Where an artifact lies, for the organisation's overview. */
const storeRecord: Answer = (call: Call) => toJsonReply(200, { storage_records: [{ id: call.nextId() }] });

export const attestationRoutes: readonly Route[] = [
	route('POST attestations', write('attestations'), create),
	route('GET attestations/{digest}', open('attestations'), list),
	toRoute('POST orgs/{org}/artifacts/metadata/storage-record', {
		right: write('attestations'),
		answer: storeRecord,
	}),
];
