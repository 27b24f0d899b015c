namespace Signing.Interop.Tests.Matrix;

/// <summary>Gives the classes of the matrix one wiring.</summary>
[CollectionDefinition(nameof(Wiring))]
public sealed class WiringShared : ICollectionFixture<Wiring>;
