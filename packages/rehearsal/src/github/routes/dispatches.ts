import { type Answer, type Fields, type Route, readFields, toText } from '../server/call.ts';
import { toEmptyReply } from '../server/exchange.ts';
import { replyError, replyInvalid } from '../server/replies.ts';
import { route, write } from '../server/routing.ts';

const MAX_EVENT_TYPE = 100;
const MAX_PAYLOAD_KEYS = 10;
const MAX_INPUTS = 25;

const toPayload = (value: unknown): Fields =>
	typeof value === 'object' && value !== null ? (value as Fields) : {};

/** `repository_dispatch`. */
const dispatchRepository: Answer = (call) => {
	const fields = readFields(call);
	const eventType = toText(fields.event_type) ?? '';
	if (eventType === '' || eventType.length > MAX_EVENT_TYPE)
		return replyInvalid({ resource: 'RepositoryDispatch', code: 'invalid', field: 'event_type' });
	const payload = toPayload(fields.client_payload);
	if (Object.keys(payload).length > MAX_PAYLOAD_KEYS)
		return replyError(422, 'No more than 10 properties are allowed in client_payload.');
	call.repository.dispatches.push({ workflow: undefined, ref: undefined, eventType, payload });
	return toEmptyReply(204);
};

/** `workflow_dispatch`: the workflow must be there on the ref. */
const dispatchWorkflow: Answer = async (call) => {
	const { git, params, repository } = call;
	const fields = readFields(call);
	const workflow = params.workflow ?? '';
	const ref = toText(fields.ref) ?? '';
	const commit = ref === '' ? undefined : await git.resolve(ref);
	if (commit === undefined) return replyError(422, `No ref found for: ${ref}`);
	const isFile = /\.ya?ml$/.test(workflow);
	if (isFile && git.folder && !(await git.entry(commit, `.github/workflows/${workflow}`)))
		return replyError(404, 'Not Found');
	const payload = toPayload(fields.inputs);
	if (Object.keys(payload).length > MAX_INPUTS) return replyError(422, 'Too many inputs provided');
	repository.dispatches.push({ workflow, ref, eventType: undefined, payload });
	return toEmptyReply(204);
};

export const dispatchRoutes: readonly Route[] = [
	route('POST dispatches', write('contents'), dispatchRepository),
	route('POST actions/workflows/{workflow}/dispatches', write('actions'), dispatchWorkflow),
];
