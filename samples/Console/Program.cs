// A program that calls samples/MinimalApi with signed requests. Give both the same Key and Secret:
//   Orders__Key=… Orders__Secret=… dotnet run --project samples/Console
// The address stands in appsettings.json. Secrets belong into the environment or a vault.
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
var settings = builder.Configuration.GetSection("Orders");
builder.Services.AddHttpClient("orders", client => client.BaseAddress = new Uri(settings["Address"]!))
    .AddMessageSigning(settings);

using var host = builder.Build();
await host.StartAsync();
var orders = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

using var list = await orders.GetAsync("/orders");
Console.WriteLine($"GET /orders  {(int)list.StatusCode} {await list.Content.ReadAsStringAsync()}");

using var created = await orders.PostAsJsonAsync("/orders", new { item = "tea", count = 2 });
Console.WriteLine($"POST /orders {(int)created.StatusCode} {await created.Content.ReadAsStringAsync()}");

return list.IsSuccessStatusCode && created.IsSuccessStatusCode ? 0 : 1;
