/** One request to one of the services. */
export interface ServiceRequest {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly contentType: string;
	readonly authorization: string;
	readonly body: Uint8Array;
	/** How this reply is to be false; undefined: it is true. */
	readonly lie: string | undefined;
	/** Milliseconds since 1970. */
	readonly now: number;
}

export interface ServiceReply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array;
}

export type Service = (request: ServiceRequest) => ServiceReply | Promise<ServiceReply>;

export const toJsonReply = (
	status: number,
	value: object,
	headers: Readonly<Record<string, string>> = {},
): ServiceReply => ({
	status,
	headers: { 'content-type': 'application/json', ...headers },
	body: Buffer.from(JSON.stringify(value)),
});

/** An error in the form of a gRPC gateway: Fulcio and Rekor v2. */
export const toStatusReply = (status: number, code: number, message: string): ServiceReply =>
	toJsonReply(status, { code, message, details: [] });

/** An error in the form of Rekor v1. */
export const toRekorError = (
	status: number,
	message: string,
	headers: Readonly<Record<string, string>> = {},
): ServiceReply => toJsonReply(status, { code: status, message }, headers);

/** What a body means, or undefined where it is no JSON object. */
export const readJsonObject = (body: Uint8Array): Record<string, unknown> | undefined => {
	try {
		const value: unknown = JSON.parse(Buffer.from(body).toString());
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
	} catch {
		return undefined;
	}
};
