namespace Signing.AspNetCore;

/// <summary>How a store that stands in the services is asked about its health; registered beside it.</summary>
/// <param name="Subject">What about.</param>
/// <param name="AskAsync">Asks it. Whatever it throws counts as not knowing.</param>
/// <param name="GoesOn">Says without waiting whether most requests are answered while nobody knows.</param>
internal sealed record HealthQuestion(HealthSubject Subject, Func<IServiceProvider, CancellationToken, ValueTask<HealthFinding>> AskAsync, Func<IServiceProvider, bool>? GoesOn = null);
