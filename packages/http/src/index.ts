export {
	createHttpClient,
	type HttpClient,
	type HttpClientOptions,
	type HttpCode,
	type HttpReply,
	type HttpRequest,
} from './client.ts';
export { toFolderHandler } from './folder-handler.ts';
export { findIdTokenService, type IdTokenReply, type IdTokenService, requestIdToken } from './id-token.ts';
export { type Handler, type LoopbackServer, serveLoopback } from './loopback.ts';
export { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.ts';
export { toTransferTimeout } from './transfer-timeout.ts';
