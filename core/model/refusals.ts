/** Errors about models that a person supplied: theirs to correct. */
import { FederationError } from '../errors/federation-error.ts';

/** The file or object is no tf.js or Keras layers model. */
export function modelUnreadable(source: string, reason: string, cause?: unknown): FederationError {
  return new FederationError('model-unreadable', `Cannot read the model ${source}, as ${reason}.`, {
    details: { source, reason },
    blame: 'user',
    action: 'correct',
    cause,
  });
}

/** A layers model, but one that no engine (or not this one) trains: the layer and why. */
export function modelRefused(layer: string, reason: string): FederationError<'model-refused'> {
  return new FederationError('model-refused', `Cannot train this model: ${layer} ${reason}.`, {
    details: { layer, reason },
    blame: 'user',
    action: 'correct',
  });
}

/** A model for other images or other classes than the data set has. */
export function modelDoesNotFit(
  layer: string,
  what: string,
  expected: string,
  found: string,
): FederationError<'model-does-not-fit'> {
  return new FederationError(
    'model-does-not-fit',
    `Cannot train this model on this data set, as the ${what} of ${layer} must be ${expected}, and is ${found}.`,
    { details: { layer, expected, found }, blame: 'user', action: 'correct' },
  );
}
