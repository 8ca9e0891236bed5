import { createSerializer, type OperationSpec, type OperationURLParameter } from '@azure/core-client';

/**
 * The three calls of the Bot Connector that we make, written out by hand. botbuilder's own specifications pass the
 * activity through a serializer that drops `recipient.isTargeted` and know no `isTargetedActivity`: with them a private
 * answer goes out to everybody (measured with 4.23.3). Ours send the activity as it is.
 */
const ACTIVITY = {
  parameterPath: 'activity',
  mapper: { serializedName: 'activity', required: true, type: { name: 'any' } },
} as const;

const WITH_ID = {
  bodyMapper: {
    type: { name: 'Composite', modelProperties: { id: { serializedName: 'id', type: { name: 'String' } } } },
  },
} as const;

const common = {
  responses: { 200: WITH_ID, 201: WITH_ID, 202: WITH_ID, default: {} },
  serializer: createSerializer({}, false),
  queryParameters: [
    {
      parameterPath: 'isTargetedActivity',
      mapper: { serializedName: 'isTargetedActivity', type: { name: 'Boolean' } },
    },
  ],
} satisfies Partial<OperationSpec>;

const conversationId = urlParameter('conversationId');
const activityId = urlParameter('activityId');

/** `POST v3/conversations/{conversationId}/activities` */
export const SEND: OperationSpec = {
  ...common,
  httpMethod: 'POST',
  path: 'v3/conversations/{conversationId}/activities',
  urlParameters: [conversationId],
  requestBody: ACTIVITY,
};

/** `PUT v3/conversations/{conversationId}/activities/{activityId}` */
export const UPDATE: OperationSpec = {
  ...common,
  httpMethod: 'PUT',
  path: 'v3/conversations/{conversationId}/activities/{activityId}',
  urlParameters: [conversationId, activityId],
  requestBody: ACTIVITY,
};

/** `DELETE v3/conversations/{conversationId}/activities/{activityId}` */
export const REMOVE: OperationSpec = {
  ...common,
  httpMethod: 'DELETE',
  path: 'v3/conversations/{conversationId}/activities/{activityId}',
  urlParameters: [conversationId, activityId],
};

function urlParameter(name: string): OperationURLParameter {
  return { parameterPath: name, mapper: { serializedName: name, required: true, type: { name: 'String' } } };
}
