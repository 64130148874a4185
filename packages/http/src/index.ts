export type { HttpClient, HttpReply, HttpRequest } from './client.ts';
